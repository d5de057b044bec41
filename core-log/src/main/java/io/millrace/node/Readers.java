package io.millrace.node;

import io.millrace.kernel.Signal;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who wants to know when a partition publishes something. Any thread may join and leave; the partition's owner raises.
 *
 * <p>A reader joins before it looks. So either its look sees what was published, or the publication sees the reader.
 */
final class Readers {

    private final CopyOnWriteArrayList<Signal> signals = new CopyOnWriteArrayList<>();

    void join(Signal signal) {
        signals.add(signal);
    }

    /** Takes out one of its entries. */
    void leave(Signal signal) {
        signals.remove(signal);
    }

    void raise() {
        for (Signal signal : signals) {
            signal.raise();
        }
    }
}
