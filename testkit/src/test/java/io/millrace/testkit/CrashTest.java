package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.KeyValue;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.runtime.EpochPoint;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every named point of an epoch, one by one: the job dies there, starts again, and every record counts exactly once. */
class CrashTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> WORDS = Topic.of("words", Codecs.string(), Codecs.longs());
    private static final Topic<String, Long> TOTALS = Topic.of("totals", Codecs.string(), Codecs.longs());
    private static final int RECORDS = 24;
    private static final int KEYS = 5;

    /** One aggregate where its records already are, one behind an exchange. */
    private static Topology topology() {
        var job = Topology.define("job");
        var in = job.stream(IN);
        in.groupByKey().count().named("totals").toStream().to(TOTALS);
        in.map((key, value) -> KeyValue.of(value, key))
                .groupByKey()
                .count()
                .named("words")
                .toStream()
                .to(WORDS);
        return job.build();
    }

    private static JobTesterOptions options(int lanes, boolean overlapped, long seed) {
        JobTesterOptions options = JobTesterOptions.DEFAULT
                .withPartitions(3)
                .withLanes(lanes)
                .withOverlappedCommits(overlapped)
                .withSeed(seed);
        return options.withJob(options.job().with("state.write.interval.ms", "0"));
    }

    @ParameterizedTest(name = "{0} lanes, overlapped commits: {1}")
    @CsvSource({"1,false", "1,true", "3,false", "3,true"})
    void countsEveryRecordOnceWhereverItDies(int lanes, boolean overlapped) {
        runEveryPoint(lanes, overlapped, 2);
    }

    @Tag("long")
    @ParameterizedTest(name = "{0} lanes, overlapped commits: {1}")
    @CsvSource({"1,false", "1,true", "2,true", "3,false", "3,true"})
    void countsEveryRecordOnceWhereverItDiesInTheLongRun(int lanes, boolean overlapped) {
        runEveryPoint(lanes, overlapped, 30);
    }

    private static void runEveryPoint(int lanes, boolean overlapped, int timesMax) {
        Set<EpochPoint> diedAt = EnumSet.noneOf(EpochPoint.class);
        long seed = 100;
        for (EpochPoint point : EpochPoint.values()) {
            for (int time = 1; time <= timesMax; time++) {
                for (Crash crash : Crash.values()) {
                    String about = lanes + " lanes, overlapped " + overlapped + ": " + crash + " at " + point + " time "
                            + time + ", seed " + seed;
                    try {
                        if (runWithCrash(options(lanes, overlapped, seed++), point, time, crash, about)) {
                            diedAt.add(point);
                        }
                    } catch (RuntimeException e) {
                        throw new AssertionError(about, e);
                    }
                }
            }
        }
        assertThat(diedAt).as("points that were reached").isEqualTo(EnumSet.allOf(EpochPoint.class));
    }

    /** Returns whether it died. */
    private static boolean runWithCrash(
            JobTesterOptions options, EpochPoint point, int time, Crash crash, String about) {
        JobTester tester = JobTester.of(topology(), options);
        List<OutputRecord<String, Long>> words = new ArrayList<>();
        List<OutputRecord<String, Long>> totals = new ArrayList<>();
        boolean died = false;
        int next = 0;
        if (point == EpochPoint.PRODUCER_READY || point == EpochPoint.RESTORED) {
            next = append(tester, next, RECORDS / 2);
            tester.drain().crash();
        }
        tester.crashAt(point, time);
        while (next < RECORDS || tester.hasCrashed()) {
            if (tester.hasCrashed()) {
                tester.recover(crash);
                died |= tester.timesReached(point) >= time;
            } else {
                next = append(tester, next, Math.min(RECORDS, next + 3));
                tester.drain();
            }
        }
        while (true) {
            tester.drain();
            if (!tester.hasCrashed()) {
                break;
            }
            tester.recover(crash);
            died = true;
        }
        words.addAll(tester.read(WORDS));
        totals.addAll(tester.read(TOTALS));
        assertOnce(words, i -> "v" + i % KEYS, about);
        assertOnce(totals, i -> "k" + i % (KEYS + 2), about);
        assertThat(tester.table("words")).as(about).isEqualTo(expected(i -> "v" + i % KEYS));
        assertThat(tester.table("totals")).as(about).isEqualTo(expected(i -> "k" + i % (KEYS + 2)));
        tester.close();
        return died;
    }

    private static int append(JobTester tester, int from, int to) {
        for (int i = from; i < to; i++) {
            tester.append(IN, "k" + i % (KEYS + 2), "v" + i % KEYS, i);
        }
        return to;
    }

    private interface KeyOf {
        String record(int index);
    }

    private static Map<Object, Object> expected(KeyOf keys) {
        Map<Object, Object> counts = new HashMap<>();
        for (int i = 0; i < RECORDS; i++) {
            counts.merge(keys.record(i), 1L, (a, b) -> (Long) a + (Long) b);
        }
        return counts;
    }

    /** Per key the counts are 1, 2, 3 … with nothing twice and nothing left out. */
    private static void assertOnce(List<OutputRecord<String, Long>> found, KeyOf keys, String about) {
        Map<String, List<Long>> byKey = new HashMap<>();
        found.forEach(record -> byKey.computeIfAbsent(String.valueOf(record.key()), key -> new ArrayList<>())
                .add(record.value() == null ? -1L : record.value()));
        Map<Object, Object> counts = expected(keys);
        assertThat(byKey.keySet()).as(about).isEqualTo(counts.keySet());
        byKey.forEach((key, values) -> assertThat(values)
                .as("%s, key %s", about, key)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, (Long) counts.get(key))
                        .boxed()
                        .toList()));
    }

    @Test
    void rebuildsStateThatIsLostFromTheLog() {
        JobTester tester = JobTester.of(topology(), options(1, true, 5));
        append(tester, 0, RECORDS);
        tester.drain().crash().loseState().recover(Crash.KILL);

        assertThat(tester.table("words")).isEqualTo(expected(i -> "v" + i % KEYS));
        tester.close();
    }

    @Test
    void refusesToGoOnAfterACrash() {
        JobTester tester = JobTester.of(topology()).crash();

        assertThatThrownBy(() -> tester.pipe(IN, "a", "x", 1)).hasMessage("the process has crashed; call recover()");
    }
}
