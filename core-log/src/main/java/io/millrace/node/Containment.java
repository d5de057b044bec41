package io.millrace.node;

import io.millrace.kernel.Invariant.BrokenInvariantException;
import io.millrace.log.StorageException;

/**
 * Whether a mistake in the code ends one request or the node. As long as a request has changed nothing, only that request is
 * lost: what one client sends must not take the node from all others, again and again after each restart. Once something has
 * been written, what is in memory may not follow the log any more, and the node stops; so it does for a broken invariant, and
 * for a disk that failed. Owned by the log agent, one for each thing that it tries.
 */
final class Containment {

    private final LogOwner log;
    private final long changesBefore;

    private Containment(LogOwner log) {
        this.log = log;
        this.changesBefore = log.changes();
    }

    /** To be asked for before the attempt. */
    static Containment begin(LogOwner log) {
        return new Containment(log);
    }

    /** Whether the node may go on after this failure of the attempt; if not, it is to be thrown again. */
    boolean holds(Throwable failure) {
        boolean isMistake = failure instanceof RuntimeException || failure instanceof StackOverflowError;
        return isMistake
                && !(failure instanceof BrokenInvariantException)
                && !(failure instanceof StorageException)
                && log.changes() == changesBefore;
    }
}
