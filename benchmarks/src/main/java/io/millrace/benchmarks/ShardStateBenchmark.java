package io.millrace.benchmarks;

import io.millrace.store.HeapShardState;
import io.millrace.store.KeyCodec;
import io.millrace.store.KeyValueStore;
import io.millrace.store.MultimapStore;
import io.millrace.store.ShardState;
import io.millrace.store.StorePosition;
import io.millrace.store.StoreSpec;
import io.millrace.store.ValueCodec;
import io.millrace.store.WindowStore;
import io.millrace.store.WriteBack;
import io.millrace.store.WriteBackSettings;
import io.millrace.store.memory.MemoryBackingStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What a record costs in the state of a shard, in nanoseconds of CPU time of its lane, epochs and net changelog included:
 * the inner part of J2, J3 and J4. The backing store is in memory and its writes are not counted, as another agent does them.
 *
 * <p>The median of the rounds is printed, after as many rounds of warming up, once without epochs and once with one for
 * every {@value #RECORDS_PER_EPOCH} records.
 */
public final class ShardStateBenchmark {

    private static final int ROUNDS = 7;
    private static final int RECORDS_PER_ROUND = 1_000_000;
    private static final int RECORDS_PER_EPOCH = 20_000;
    private static final int KEYS = 100_000;
    private static final int WINDOW_MS = 10_000;
    private static final int JOIN_MS = 5_000;
    private static final long SEED = 42;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final KeyCodec<String> KEY_CODEC = new KeyCodec<>() {
        @Override
        public byte[] encode(String key) {
            return key.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    };

    private static final ValueCodec<Long> LONG_CODEC = new ValueCodec<>() {
        @Override
        public byte[] encode(Long value) {
            return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        }

        @Override
        public Long decode(byte[] bytes) {
            return ByteBuffer.wrap(bytes).getLong();
        }

        @Override
        public Long copy(Long value) {
            return value;
        }
    };

    private final byte[][] keys = new byte[KEYS][];
    private final String[] chosen;
    private final int[] order = new int[RECORDS_PER_ROUND];

    /** One record's work on a store. */
    private interface Work {
        void record(String key, long index);
    }

    private ShardStateBenchmark(String[] chosen) {
        this.chosen = chosen;
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = KEY_CODEC.encode("key-" + i);
        }
        for (int i = 0; i < RECORDS_PER_ROUND; i++) {
            order[i] = random.nextInt(KEYS);
        }
    }

    /** @param arguments parts of the names of the cases to run, default all */
    public static void main(String[] arguments) {
        ShardStateBenchmark benchmark = new ShardStateBenchmark(arguments);
        System.out.printf("%-52s %10s %10s%n", "ns of CPU time per record", "no epochs", "epochs");
        benchmark.compare("count per key in a java.util.HashMap, to compare", ShardStateBenchmark::mapping);
        benchmark.compare("count per key, 100 K keys", ShardStateBenchmark::counting);
        benchmark.compare("count per key and 10 s window, 100 K keys", ShardStateBenchmark::windowing);
        benchmark.compare("add and probe a 5 s join buffer, 100 K keys", ShardStateBenchmark::joining);
    }

    /** Makes the work of a case over the stores of a fresh shard. */
    private interface Case {
        Work over(HeapShardState shard);
    }

    private void compare(String name, Case work) {
        if (chosen.length > 0 && Arrays.stream(chosen).noneMatch(name::contains)) {
            return;
        }
        System.out.printf("%-52s %10d %10d%n", name, median(work, false), median(work, true));
    }

    private long median(Case work, boolean withEpochs) {
        HeapShardState shard = new HeapShardState(new MemoryBackingStore());
        Work perRecord = work.over(shard);
        WriteBack writeBack = new WriteBack(shard, WriteBackSettings.defaults());
        long[] rounds = new long[ROUNDS];
        long index = 0;
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < RECORDS_PER_ROUND; i++) {
                // A fresh object, as a record's key is when it has been decoded.
                perRecord.record(KEY_CODEC.decode(keys[order[i]]), index++);
                if (withEpochs && index % RECORDS_PER_EPOCH == 0) {
                    commit(shard, writeBack, index);
                }
            }
            if (round >= 0) {
                rounds[round] = (THREADS.getCurrentThreadCpuTime() - start) / RECORDS_PER_ROUND;
            }
            if (!withEpochs) {
                shard.freeze();
                shard.commit(position(index));
            }
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private static void commit(HeapShardState shard, WriteBack writeBack, long index) {
        long[] bytes = new long[1];
        shard.freeze();
        shard.forEachFrozenChange((key, value) -> bytes[0] += key.length + (value == null ? 0 : value.length));
        shard.commit(position(index));
        // Virtual time: two million records a second.
        long nowMs = index / 2000;
        for (ShardState.Slice slice = writeBack.next(nowMs, false);
                slice != null;
                slice = writeBack.next(nowMs, false)) {
            shard.confirm(slice);
        }
    }

    /** What any hash map of objects takes for the same; it knows no epochs. */
    private static Work mapping(HeapShardState shard) {
        Map<String, Long> counts = new HashMap<>();
        return (key, index) -> {
            Long before = counts.get(key);
            counts.put(key, before == null ? 1L : before + 1);
        };
    }

    private static Work counting(HeapShardState shard) {
        KeyValueStore<String, Long> counts =
                shard.keyValue(new StoreSpec<>("counts", StoreSpec.Kind.KEY_VALUE, KEY_CODEC, LONG_CODEC));
        return (key, index) -> {
            Long before = counts.getForUpdate(key);
            counts.put(key, before == null ? 1L : before + 1);
        };
    }

    /** A record per 10 µs of event time: a million records a window. */
    private static Work windowing(HeapShardState shard) {
        WindowStore<String, Long> windows =
                shard.window(new StoreSpec<>("windows", StoreSpec.Kind.WINDOW, KEY_CODEC, LONG_CODEC), WINDOW_MS);
        return (key, index) -> {
            long timeMs = index / 100;
            long start = timeMs - timeMs % WINDOW_MS;
            Long before = windows.getForUpdate(key, start);
            windows.put(key, start, before == null ? 1L : before + 1);
            if (index % 1_000_000 == 0) {
                windows.dropBelow(start);
            }
        };
    }

    /** A record per 50 µs of event time: a hundred thousand values in the buffer, one per key. */
    private static Work joining(HeapShardState shard) {
        MultimapStore<String, Long> buffer =
                shard.multimap(new StoreSpec<>("buffer", StoreSpec.Kind.MULTIMAP, KEY_CODEC, LONG_CODEC));
        long[] matches = new long[1];
        return (key, index) -> {
            long timeMs = index / 20;
            buffer.range(key, timeMs - JOIN_MS, timeMs, (k, time, arrival, value) -> {
                matches[0]++;
                return true;
            });
            buffer.add(key, timeMs, index);
            buffer.dropBelow(timeMs - JOIN_MS);
        };
    }

    private static StorePosition position(long offset) {
        return new StorePosition(new UUID(0, 0), offset, 0, offset);
    }
}
