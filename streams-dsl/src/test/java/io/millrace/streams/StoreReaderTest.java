package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.TopicPartition;
import io.millrace.streams.codec.Codecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions about state of a job on real threads, over RocksDB: written below at once, or still on the heap. */
class StoreReaderTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Topic<Long, String> IN = Topic.of("in", Codecs.longs(), Codecs.string());
    private static final int PARTITIONS = 4;
    private static final int KEYS = 40;
    private static final long SIZE_MS = 10;

    @TempDir
    private Path folder;

    private static Topology topology() {
        var job = Topology.define("job");
        var in = job.stream(IN.partitions(PARTITIONS));
        in.groupByKey().count().named("n");
        in.groupByKey()
                .windowed(Windows.tumbling(Duration.ofMillis(SIZE_MS)).grace(Duration.ofDays(1)))
                .count()
                .named("w");
        return job.build();
    }

    private static JobOptions options(int lanes, boolean writesAtOnce) {
        return JobOptions.DEFAULT
                .with("lanes", Integer.toString(lanes))
                .with("state.write.interval.ms", writesAtOnce ? "0" : "600000");
    }

    /** Each key from -KEYS/2 on once in each of the windows from 0 to 40, but key 3 not in that from 20. */
    private static Map<TopicPartition, Long> send(Millrace millrace) throws InterruptedException {
        try (TopicWriter<Long, String> writer = millrace.write(IN)) {
            for (long timeMs = 0; timeMs < 5 * SIZE_MS; timeMs += SIZE_MS) {
                for (long key = -KEYS / 2; key < KEYS / 2; key++) {
                    if (key != 3 || timeMs != 20) {
                        writer.send(key, "v", timeMs);
                    }
                }
            }
            return writer.flush(PATIENCE);
        }
    }

    private static <K, V> StoreReader<K, V> seeing(StoreReader<K, V> store, Map<TopicPartition, Long> written) {
        StoreReader<K, V> seeing = store;
        for (Map.Entry<TopicPartition, Long> last : written.entrySet()) {
            seeing = seeing.seeing(last.getKey(), last.getValue());
        }
        return seeing;
    }

    private static List<Long> keys(StoreReader<Long, Long> store, Long from, Long to) throws InterruptedException {
        List<Long> found = new ArrayList<>();
        store.range(from, to, (key, start, count) -> {
            assertThat(start).isEqualTo(Long.MIN_VALUE);
            assertThat(count).isEqualTo(key == 3 ? 4 : 5);
            return found.add(key);
        });
        return found;
    }

    private static List<Long> starts(StoreReader<Long, Long> store, long key, long fromMs, long toMs)
            throws InterruptedException {
        List<Long> found = new ArrayList<>();
        store.windows(key, fromMs, toMs, (same, start, count) -> {
            assertThat(same).isEqualTo(key);
            assertThat(count).isEqualTo(1);
            return found.add(start);
        });
        return found;
    }

    @ParameterizedTest
    @CsvSource({"1,false", "1,true", "2,false", "2,true"})
    void answersRangesOfKeysAndWindowsOfOneKey(int lanes, boolean writesAtOnce) throws Exception {
        try (Millrace millrace = Millrace.open(folder)) {
            Job job = millrace.start(topology(), options(lanes, writesAtOnce)).awaitRunning(PATIENCE);
            Map<TopicPartition, Long> written = send(millrace);
            StoreReader<Long, Long> counts = seeing(job.store("n"), written);
            StoreReader<Long, Long> windows = seeing(job.store("w"), written);

            assertThat(counts.value(3L)).contains(4L);
            assertThat(keys(counts, -2L, 3L)).containsExactlyInAnyOrder(-2L, -1L, 0L, 1L, 2L, 3L);
            assertThat(keys(counts, null, -19L)).containsExactlyInAnyOrder(-20L, -19L);
            assertThat(keys(counts, 18L, null)).containsExactlyInAnyOrder(18L, 19L);
            assertThat(keys(counts, null, null)).hasSize(KEYS);
            assertThat(keys(counts, 3L, 2L)).isEmpty();
            assertThat(starts(windows, 3, 0, 40)).containsExactly(0L, 10L, 30L, 40L);
            assertThat(starts(windows, 4, 5, 30)).containsExactly(10L, 20L, 30L);
            assertThat(starts(windows, 4, 10, 10)).containsExactly(10L);
            assertThat(starts(windows, 4, Long.MIN_VALUE, Long.MAX_VALUE)).hasSize(5);
            assertThat(starts(windows, 99, 0, 40)).isEmpty();
            assertThat(starts(windows, 4, 30, 20)).isEmpty();

            List<Long> first = new ArrayList<>();
            counts.range(null, null, (key, start, count) -> {
                first.add(key);
                return first.size() < 2;
            });
            assertThat(first).as("as long as the visitor wants more").hasSize(2);
            first.clear();
            windows.windows(4L, 0, 40, (key, start, count) -> {
                first.add(start);
                return first.size() < 2;
            });
            assertThat(first).containsExactly(0L, 10L);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void refusesWhatAStoreCannotAnswer(int lanes) throws Exception {
        try (Millrace millrace = Millrace.open(folder)) {
            Job job = millrace.start(topology(), options(lanes, true)).awaitRunning(PATIENCE);
            Map<TopicPartition, Long> written = send(millrace);
            StoreReader<Object, Long> counts = seeing(job.store("n"), written);
            StoreReader<Object, Long> windows = seeing(job.store("w"), written);

            assertThatThrownBy(() -> windows.range(1L, 2L, (key, start, count) -> true))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("store w has windows");
            assertThatThrownBy(() -> counts.windows(1L, 0, 1, (key, start, count) -> true))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("store n has no windows");
            assertThatThrownBy(() -> counts.range("a", null, (key, start, count) -> true))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("store n has keys of java.lang.Long, and none of java.lang.String");
            assertThatThrownBy(() -> windows.windows("a", 0, 1, (key, start, count) -> true))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("store w has keys of java.lang.Long");
        }
    }
}
