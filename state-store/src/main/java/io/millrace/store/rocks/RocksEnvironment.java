package io.millrace.store.rocks;

import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.Priority;
import org.rocksdb.WriteBufferManager;

/**
 * What all RocksDB stores of a process share: one block cache, one budget of write buffers, one set of background threads.
 * Close it after the last store.
 */
public final class RocksEnvironment implements AutoCloseable {

    private static final double BLOOM_BITS_PER_KEY = 10;
    private static final double HIGH_PRIORITY_SHARE = 0.2;
    private static final long BLOCK_BYTES = 8 * 1024;
    private static final int MEMTABLES_MAX = 3;
    private static final long INFO_LOG_BYTES_MAX = 1 << 20;
    private static final long MANIFEST_BYTES_MAX = 4 << 20;
    private static final int FLUSH_THREADS = 1;

    /** Blocks with a checksum that covers more than bit flips, and filters that are smaller: RocksDB 6.6 and later read it. */
    private static final int TABLE_FORMAT = 5;

    private final RocksSettings settings;
    private final Cache blockCache;
    private final WriteBufferManager writeBuffers;
    private final BloomFilter bloomFilter;

    public RocksEnvironment(RocksSettings settings) {
        NativeLibrary.load();
        this.settings = settings;
        blockCache = new LRUCache(settings.blockCacheBytes(), -1, false, HIGH_PRIORITY_SHARE);
        writeBuffers = new WriteBufferManager(settings.writeBufferBytes(), blockCache);
        bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY, false);
        // The pools belong to the process; they only ever grow here, so that a second environment takes nothing away.
        Env env = Env.getDefault();
        grow(env, Priority.LOW, settings.backgroundThreads());
        grow(env, Priority.HIGH, FLUSH_THREADS);
    }

    /** Opens or creates the store of one shard. */
    public RocksBackingStore open(Path directory) {
        return RocksBackingStore.open(directory, this);
    }

    /**
     * For reads of single keys that mostly exist, and writes in large batches of a single thread. Index and filter blocks
     * live in the cache, so that the memory of all stores has one bound, and in parts: the filter of a large table as one block is
     * larger than a shard of the cache, and would be read anew for each key (ADR 0017). The caller closes it.
     */
    Options options() {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(blockCache)
                .setBlockSize(BLOCK_BYTES)
                .setFilterPolicy(bloomFilter)
                .setWholeKeyFiltering(true)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinTopLevelIndexAndFilter(true)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setMetadataBlockSize(BLOCK_BYTES)
                .setFormatVersion(TABLE_FORMAT);
        return new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(table)
                .setWriteBufferManager(writeBuffers)
                .setWriteBufferSize(settings.memtableBytes())
                .setMaxWriteBufferNumber(MEMTABLES_MAX)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
                .setMaxBackgroundJobs(settings.backgroundThreads() + FLUSH_THREADS)
                .setMaxOpenFiles(settings.openFilesMax())
                .setParanoidChecks(true)
                .setAvoidUnnecessaryBlockingIO(true)
                .setSkipStatsUpdateOnDbOpen(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setMaxManifestFileSize(MANIFEST_BYTES_MAX)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(INFO_LOG_BYTES_MAX)
                .setKeepLogFileNum(2);
    }

    @Override
    public void close() {
        writeBuffers.close();
        blockCache.close();
        bloomFilter.close();
    }

    private static void grow(Env env, Priority pool, int threads) {
        if (env.getBackgroundThreads(pool) < threads) {
            env.setBackgroundThreads(threads, pool);
        }
    }
}
