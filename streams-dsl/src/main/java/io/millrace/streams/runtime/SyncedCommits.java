package io.millrace.streams.runtime;

import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.kernel.Signal;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which commits no power cut can take from the log any more: only these may go into the backing stores, whatever the
 * durability of the topics. A store that was ahead of its log would have counted what the job will read again.
 *
 * <p>Commits are numbered over all attempts. The I/O agent gives the numbers, and asks the log to sync when the store agent
 * waits for one; one request serves every commit before it, so there is about one for each time the state is written.
 */
final class SyncedCommits {

    private final Signal io;
    private final Signal store;
    private final Runnable onSynced;

    /** Written by the I/O agent; publishes that these commits are durable. */
    private final AtomicLong synced = new AtomicLong();

    /** Written by the store agent: it holds back a slice of this commit. */
    private final AtomicLong wanted = new AtomicLong();

    private long last;
    private long askedUpTo;
    private @Nullable Pending<Void> request;

    /** @param onSynced told on the I/O agent whenever the log has synced */
    SyncedCommits(Signal io, Signal store, Runnable onSynced) {
        this.io = io;
        this.store = store;
        this.onSynced = onSynced;
    }

    // ---- on the I/O agent

    /** The number of a commit that was decided just now, or of what was restored. */
    long next() {
        return ++last;
    }

    /** Asks for a sync if somebody waits for one, and takes the answer; a refusal is thrown. Returns units of work done. */
    int step(LogClient client) {
        Pending<Void> asked = request;
        if (asked == null) {
            if (wanted.getAcquire() <= synced.get()) {
                return 0;
            }
            askedUpTo = last;
            request = client.sync();
            return 1;
        }
        if (!asked.isDone()) {
            return 0;
        }
        request = null;
        asked.value();
        onSynced.run();
        synced.setRelease(askedUpTo);
        store.raise();
        return 1;
    }

    /** The attempt is over, and its client gone. */
    void giveUp() {
        request = null;
        store.raise();
    }

    // ---- on the store agent

    /** The newest commit that was waited for. */
    long wanted() {
        return wanted.get();
    }

    /** Whether a slice of this commit may be written; if not, the store agent is woken when it may. */
    boolean isSynced(long commit) {
        if (commit <= synced.getAcquire()) {
            return true;
        }
        if (commit > wanted.get()) {
            wanted.setRelease(commit);
            io.raise();
        }
        return false;
    }
}
