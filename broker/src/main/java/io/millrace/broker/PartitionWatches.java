package io.millrace.broker;

import io.millrace.kernel.Signal;
import io.millrace.node.PartitionHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Who of one event loop waits for which partition, so that a publication is told to those alone whom it concerns. Owned by
 * the loop; only the signals of partitions come from other threads.
 *
 * <p>A partition is joined when the first one waits for it, and left when it publishes and nobody waits any more: a reader
 * that comes back for more joins nothing.
 */
public final class PartitionWatches {

    /** One who waits. Told on the event loop. */
    @FunctionalInterface
    public interface Watcher {

        /** The partition has published something, was deleted or has failed. May be told for nothing. */
        void changed();
    }

    private final Signal loop;
    private final Map<PartitionHandle, Watch> watches = new HashMap<>();
    private final Queue<Watch> rung = new ConcurrentLinkedQueue<>();
    private boolean closed;

    /** @param loop makes the event loop call {@link #tell} */
    public PartitionWatches(Signal loop) {
        this.loop = loop;
    }

    private final class Watch implements Signal {
        private final PartitionHandle partition;
        private final Set<Watcher> watchers = new LinkedHashSet<>();
        private final AtomicBoolean isRung = new AtomicBoolean();

        Watch(PartitionHandle partition) {
            this.partition = partition;
        }

        /** The partition's owner: once for however many publications until the loop has looked. */
        @Override
        public void raise() {
            if (!isRung.getAndSet(true)) {
                rung.add(this);
                loop.raise();
            }
        }
    }

    /** From now on the watcher is told. Watch before you look: then nothing is missed. */
    public void watch(PartitionHandle partition, Watcher watcher) {
        if (closed) {
            return;
        }
        Watch watch = watches.get(partition);
        if (watch == null) {
            watch = new Watch(partition);
            watches.put(partition, watch);
            partition.join(watch);
        }
        watch.watchers.add(watcher);
    }

    /** Takes back a {@link #watch}. */
    public void unwatch(PartitionHandle partition, Watcher watcher) {
        Watch watch = watches.get(partition);
        if (watch != null) {
            watch.watchers.remove(watcher);
            if (partition.isDeleted()) {
                leaveIfUnwatched(watch); // it never publishes again
            }
        }
    }

    private void leaveIfUnwatched(Watch watch) {
        if (watch.watchers.isEmpty() && watches.remove(watch.partition, watch)) {
            watch.partition.leave(watch);
        }
    }

    /** Tells everybody whose partition has changed since the last call. On the loop, after each signal. */
    public void tell() {
        for (Watch watch = rung.poll(); watch != null; watch = rung.poll()) {
            watch.isRung.set(false); // before anybody looks: what is published after the look rings again
            leaveIfUnwatched(watch);
            new ArrayList<>(watch.watchers).forEach(Watcher::changed);
        }
    }

    /** Leaves every partition and joins none again; nobody is told any more. */
    public void close() {
        closed = true;
        watches.values().forEach(watch -> watch.partition.leave(watch));
        watches.clear();
        rung.clear();
    }

    /** Partitions that are joined. */
    int joinedCount() {
        return watches.size();
    }
}
