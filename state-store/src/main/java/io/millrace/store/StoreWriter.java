package io.millrace.store;

import java.util.ArrayList;
import java.util.List;

/**
 * The only writer of the backing stores: one slice per shard in turn, and a flush where one is due. Stepped by the {@code
 * store} agent, which owns it; a step takes about as long as one slice, or one flush.
 *
 * <p>A store that fails is not touched again; its lane throws the failure at its next step.
 */
public final class StoreWriter {

    private final WriteBackSettings settings;
    private final List<Target> targets = new ArrayList<>();
    private int next;

    /** One shard's store and what was written to it since it was last flushed. */
    private static final class Target {
        final ShardChannel channel;
        long unflushedBytes;
        long unflushedSinceMs;

        Target(ShardChannel channel) {
            this.channel = channel;
        }
    }

    public StoreWriter(WriteBackSettings settings) {
        this.settings = settings;
    }

    public void add(ShardChannel channel) {
        targets.add(new Target(channel));
    }

    /** The shard moved or stopped; its store may be closed now. */
    public void remove(ShardChannel channel) {
        targets.removeIf(target -> target.channel == channel);
        next = 0;
    }

    /** Writes at most one slice. Returns whether there was anything to do. */
    public boolean step(long nowMs) {
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(next);
            next = (next + 1) % targets.size();
            if (target.channel.failure == null && work(target, nowMs)) {
                return true;
            }
        }
        return false;
    }

    private boolean work(Target target, long nowMs) {
        ShardChannel channel = target.channel;
        try {
            if (isFlushDue(target, nowMs)) {
                channel.backing.flush();
                target.unflushedBytes = 0;
                return true;
            }
            ShardState.Slice slice = channel.toWrite.poll();
            if (slice == null) {
                return false;
            }
            channel.backing.write(slice.changes(), slice.position());
            if (target.unflushedBytes == 0) {
                target.unflushedSinceMs = nowMs;
            }
            target.unflushedBytes += 1 + bytes(slice);
            // There is room: the lane has no more slices in flight than this queue has slots.
            if (!channel.written.offer(slice)) {
                throw new IllegalStateException("More slices were written than are in flight.");
            }
            return true;
        } catch (StateStoreException failure) {
            channel.failure = failure;
            return true;
        }
    }

    private boolean isFlushDue(Target target, long nowMs) {
        return target.unflushedBytes >= settings.flushBytes()
                || (target.unflushedBytes > 0 && nowMs - target.unflushedSinceMs >= settings.flushIntervalMs());
    }

    private static long bytes(ShardState.Slice slice) {
        long bytes = 0;
        List<BackingStore.Change> changes = slice.changes();
        for (int i = 0; i < changes.size(); i++) {
            BackingStore.Change change = changes.get(i);
            byte[] value = change.value();
            bytes += change.key().length + (value == null ? 0 : value.length);
        }
        return bytes;
    }
}
