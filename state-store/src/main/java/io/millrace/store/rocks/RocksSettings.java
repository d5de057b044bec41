package io.millrace.store.rocks;

/**
 * What the RocksDB stores of one process share, and how each is shaped.
 *
 * @param blockCacheBytes of all stores together, index and filter blocks included
 * @param writeBufferBytes of all memtables together; they count towards the block cache
 * @param memtableBytes of one store before it is flushed
 * @param backgroundThreads for compactions; flushes have one of their own
 * @param openFilesMax of one store
 */
public record RocksSettings(
        long blockCacheBytes, long writeBufferBytes, long memtableBytes, int backgroundThreads, int openFilesMax) {

    private static final long MIB = 1L << 20;

    public RocksSettings {
        if (blockCacheBytes < MIB || writeBufferBytes < MIB || memtableBytes < 64 * 1024) {
            throw new IllegalArgumentException(
                    "RocksDB needs a block cache and write buffers of at least 1 MiB, and memtables"
                            + " of 64 KiB; not " + blockCacheBytes + ", " + writeBufferBytes + " and " + memtableBytes
                            + " bytes.");
        }
        if (backgroundThreads < 1 || openFilesMax < 16) {
            throw new IllegalArgumentException("RocksDB needs at least 1 background thread and 16 open files; not "
                    + backgroundThreads + " and " + openFilesMax + ".");
        }
    }

    /** For a process with a few cores and a few shards. */
    public static RocksSettings defaults() {
        return new RocksSettings(128 * MIB, 64 * MIB, 16 * MIB, 1, 128);
    }
}
