package io.millrace.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ByteBufferGetStatus;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * What the keys of a frame that are not on the heap cost to read from RocksDB: one by one, or together in one of the two ways
 * its Java API has. Behind ADR 0017. The ways take turns, frame by frame, over the same database.
 *
 * <p>Arguments: {@code [keys] [bytes of a value] [MiB of block cache] [parts|whole]}, the last for indexes and filters.
 */
public final class StateReadBenchmark {

    private static final int ROUNDS = 9;
    private static final int FRAMES_PER_ROUND = 40;
    private static final int FRAME_KEYS = 256;
    private static final int KEY_BYTES = 13;
    private static final int BATCH = 10_000;
    private static final int BLOCK_BYTES = 8 * 1024;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int keys;
    private final int valueBytes;
    private final SplittableRandom random = new SplittableRandom(42);
    private final ReadOptions reading = new ReadOptions();
    private final ByteBuffer keySpace;
    private final ByteBuffer valueSpace;
    private long sum;

    private interface Way {
        void read(RocksDB db, List<byte[]> wanted) throws RocksDBException;
    }

    private StateReadBenchmark(int keys, int valueBytes) {
        this.keys = keys;
        this.valueBytes = valueBytes;
        keySpace = ByteBuffer.allocateDirect(FRAME_KEYS * KEY_BYTES);
        valueSpace = ByteBuffer.allocateDirect(FRAME_KEYS * valueBytes);
    }

    public static void main(String[] arguments) throws Exception {
        int keys = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4_000_000;
        int valueBytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 16;
        int cacheMib = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 128;
        boolean inParts = arguments.length <= 3 || arguments[3].equals("parts");
        RocksDB.loadLibrary();
        new StateReadBenchmark(keys, valueBytes).run(cacheMib, inParts);
    }

    private void run(int cacheMib, boolean inParts) throws Exception {
        Path directory = Files.createTempDirectory("millrace-reads-");
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(new LRUCache((long) cacheMib << 20, -1, false, 0.2))
                .setBlockSize(BLOCK_BYTES)
                .setFilterPolicy(new BloomFilter(10, false))
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinTopLevelIndexAndFilter(true)
                .setFormatVersion(5);
        if (inParts) {
            table.setIndexType(IndexType.kTwoLevelIndexSearch)
                    .setPartitionFilters(true)
                    .setMetadataBlockSize(BLOCK_BYTES);
        }
        Options options = new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(table)
                .setWriteBufferSize(16 << 20)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
                .setMaxOpenFiles(128)
                .setParanoidChecks(true);
        try (RocksDB db = RocksDB.open(options, directory.toString())) {
            fill(db);
            System.out.printf(
                    "%,d keys, values of %d bytes, block cache %d MiB, indexes and filters %s, %d MiB of tables%n",
                    keys,
                    valueBytes,
                    cacheMib,
                    inParts ? "in parts" : "as a whole",
                    db.getLongProperty("rocksdb.total-sst-files-size") >> 20);
            List<Way> ways = List.of(this::oneByOne, this::together, this::togetherInBuffers);
            List<String> names = List.of("get, one by one", "multiGetAsList", "multiGetByteBuffers");
            long[][] cpu = new long[ways.size()][ROUNDS];
            long[][] wall = new long[ways.size()][ROUNDS];
            for (int round = -3; round < ROUNDS; round++) {
                for (int i = 0; i < FRAMES_PER_ROUND; i++) {
                    for (int way = 0; way < ways.size(); way++) {
                        List<byte[]> wanted = wanted();
                        long startCpu = THREADS.getCurrentThreadCpuTime();
                        long start = System.nanoTime();
                        ways.get(way).read(db, wanted);
                        if (round >= 0) {
                            wall[way][round] += System.nanoTime() - start;
                            cpu[way][round] += THREADS.getCurrentThreadCpuTime() - startCpu;
                        }
                    }
                }
            }
            System.out.println("| way | CPU ns a key | min–max | wall ns a key |\n|---|---|---|---|");
            for (int way = 0; way < ways.size(); way++) {
                long[] each = perKey(cpu[way]);
                System.out.printf(
                        "| %s | %,d | %,d–%,d | %,d |%n",
                        names.get(way), each[ROUNDS / 2], each[0], each[ROUNDS - 1], perKey(wall[way])[ROUNDS / 2]);
            }
            System.out.printf("checksum of what was read: %d%n", sum);
        } finally {
            Trees.delete(directory);
        }
    }

    private long[] perKey(long[] rounds) {
        return Arrays.stream(rounds)
                .map(ns -> ns / ((long) FRAMES_PER_ROUND * FRAME_KEYS))
                .sorted()
                .toArray();
    }

    private void fill(RocksDB db) throws RocksDBException {
        try (WriteOptions writing = new WriteOptions().setDisableWAL(true);
                WriteBatch batch = new WriteBatch();
                FlushOptions flushing = new FlushOptions().setWaitForFlush(true)) {
            byte[] value = new byte[valueBytes];
            for (int i = 0; i < keys; i++) {
                ByteBuffer.wrap(value).putLong(random.nextLong());
                batch.put(key(i), value);
                if ((i + 1) % BATCH == 0) {
                    db.write(writing, batch);
                    batch.clear();
                }
            }
            db.write(writing, batch);
            db.flush(flushing);
            db.compactRange();
        }
    }

    /** The id of a store, a tag, and a number whose order is not that of the writing. */
    private static byte[] key(int number) {
        return ByteBuffer.allocate(KEY_BYTES)
                .putInt(0x1234567)
                .put((byte) 3)
                .putLong(number * 0x9E3779B97F4A7C15L)
                .array();
    }

    private List<byte[]> wanted() {
        List<byte[]> wanted = new ArrayList<>(FRAME_KEYS);
        for (int i = 0; i < FRAME_KEYS; i++) {
            wanted.add(key(random.nextInt(keys)));
        }
        return wanted;
    }

    private void oneByOne(RocksDB db, List<byte[]> wanted) throws RocksDBException {
        for (byte[] key : wanted) {
            sum += ByteBuffer.wrap(db.get(reading, key)).getLong() & 1;
        }
    }

    /** A value that cannot be read is null here, as one that does not exist: of no use for state. */
    private void together(RocksDB db, List<byte[]> wanted) throws RocksDBException {
        for (byte[] value : db.multiGetAsList(reading, wanted)) {
            sum += ByteBuffer.wrap(value).getLong() & 1;
        }
    }

    private void togetherInBuffers(RocksDB db, List<byte[]> wanted) throws RocksDBException {
        List<ByteBuffer> from = new ArrayList<>(FRAME_KEYS);
        List<ByteBuffer> to = new ArrayList<>(FRAME_KEYS);
        for (int i = 0; i < FRAME_KEYS; i++) {
            keySpace.put(i * KEY_BYTES, wanted.get(i));
            from.add(keySpace.slice(i * KEY_BYTES, KEY_BYTES));
            to.add(valueSpace.slice(i * valueBytes, valueBytes));
        }
        for (ByteBufferGetStatus found : db.multiGetByteBuffers(reading, from, to)) {
            if (found.status.getCode() != Status.Code.Ok) {
                throw new RocksDBException(found.status);
            }
            byte[] value = new byte[found.requiredSize];
            found.value.get(value);
            sum += ByteBuffer.wrap(value).getLong() & 1;
        }
    }
}
