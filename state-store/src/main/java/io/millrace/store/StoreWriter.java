package io.millrace.store;

import java.util.List;

/**
 * The only writer of one shard's backing store: writes slices, and makes what was written durable often enough that a crash
 * leaves little to replay. Owned by the {@code store} agent, which steps it; a call takes about as long as one slice, or one
 * flush.
 */
public final class StoreWriter {

    private final BackingStore backing;
    private final WriteBackSettings settings;
    private long unflushedBytes;
    private long unflushedSinceMs;

    public StoreWriter(BackingStore backing, WriteBackSettings settings) {
        this.backing = backing;
        this.settings = settings;
    }

    /** Writes the slice, which can be confirmed to its shard then. */
    public void write(ShardState.Slice slice, long nowMs) {
        backing.write(slice.changes(), slice.position());
        if (unflushedBytes == 0) {
            unflushedSinceMs = nowMs;
        }
        unflushedBytes += 1 + bytes(slice.changes());
    }

    /** Flushes if enough was written, or long enough ago. Returns whether it did. */
    public boolean flushIfDue(long nowMs) {
        boolean isDue = unflushedBytes >= settings.flushBytes()
                || (unflushedBytes > 0 && nowMs - unflushedSinceMs >= settings.flushIntervalMs());
        if (isDue) {
            backing.flush();
            unflushedBytes = 0;
        }
        return isDue;
    }

    private static long bytes(List<BackingStore.Change> changes) {
        long bytes = 0;
        for (int i = 0; i < changes.size(); i++) {
            BackingStore.Change change = changes.get(i);
            byte[] value = change.value();
            bytes += change.key().length + (value == null ? 0 : value.length);
        }
        return bytes;
    }
}
