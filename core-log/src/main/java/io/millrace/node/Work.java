package io.millrace.node;

import io.millrace.client.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * One request on its way through the append pipeline. Made by whoever asks, from then on touched by the log agent alone,
 * which calls these methods in their order; {@link #fail} ends it at any point.
 */
abstract class Work {

    /** What must be durable, as its topic asks, before {@link #acknowledge}. */
    private final List<Partition> touched = new ArrayList<>(1);

    /** What it is, for the log of the node. */
    String kind() {
        return getClass().getSimpleName();
    }

    /** About how much it will write. */
    int sizeInBytes() {
        return 0;
    }

    /** Reads state and takes batches in; nothing is written yet. */
    abstract void append(LogOwner log);

    /** What was taken in has been written, or has failed: see {@link Partition#failureOf}. */
    void written(LogOwner log) {}

    /** Everything touched is as durable as asked: answer. */
    abstract void acknowledge(LogOwner log);

    /** Answer with this instead. */
    abstract void fail(ErrorCode error, String message);

    /** Makes {@link #acknowledge} wait until this partition's log, as it is after the coming write, is durable. */
    final void touch(Partition partition) {
        touched.add(partition);
    }

    final void touchNothing() {
        touched.clear();
    }

    final List<Partition> touched() {
        return touched;
    }
}
