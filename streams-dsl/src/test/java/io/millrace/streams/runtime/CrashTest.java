package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.JobOptions;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.runtime.EpochHook.SimulatedCrash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Word count with one exchange: power fails at every named point of an epoch, and the words are still counted exactly once. */
class CrashTest {

    private static final int PARTITIONS = 2;
    private static final Topic<String, String> LINES = Topic.of("lines", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS =
            Topic.of("counts", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");
    private static final String[] WORDS = {"river", "mill", "race", "stone", "wheel", "flour", "grain"};

    private static Topology wordCount() {
        var job = Topology.define("words");
        job.stream(LINES)
                .flatMapValues(line -> List.of(line.split(" ")))
                .groupBy((key, word) -> word)
                .count()
                .toStream()
                .to(COUNTS);
        return job.build();
    }

    /** What was sent, and what the answer is. */
    private static final class Sent {
        final Map<String, Long> counts = new TreeMap<>();
        private final Random random;
        private int lines;

        Sent(long seed) {
            random = new Random(seed);
        }

        void lines(JobRig rig, int count) {
            for (int i = 0; i < count; i++) {
                List<String> words = new ArrayList<>();
                for (int j = 0; j <= random.nextInt(4); j++) {
                    String word = WORDS[random.nextInt(WORDS.length)];
                    words.add(word);
                    counts.merge(word, 1L, Long::sum);
                }
                rig.sendTo(LINES, lines % PARTITIONS, "line", String.join(" ", words), 1_000L + lines++);
            }
        }
    }

    private static JobOptions options(int lanes, boolean overlapped) {
        return JobOptions.DEFAULT
                .withLanes(lanes)
                .withOverlappedCommits(overlapped)
                .with("frame.records", "3")
                .with("state.write.interval.ms", "0");
    }

    @ParameterizedTest
    @EnumSource(EpochPoint.class)
    void countsOnceWhenItCrashesAtAPoint(EpochPoint point) {
        crashAt(point, 1, true, 1);
        crashAt(point, 2, false, 2);
    }

    @ParameterizedTest
    @EnumSource(EpochPoint.class)
    void countsOnceWhenOneOfTwoLanesCrashesAtAPoint(EpochPoint point) {
        crashAt(point, 1, true, 3, 2);
        crashAt(point, 3, false, 4, 2);
    }

    private static void crashAt(EpochPoint point, int occurrence, boolean overlapped, long seed) {
        crashAt(point, occurrence, overlapped, seed, 1);
    }

    private static void crashAt(EpochPoint point, int occurrence, boolean overlapped, long seed, int lanes) {
        JobRig rig = new JobRig(options(lanes, overlapped), seed);
        rig.topic("lines", PARTITIONS);
        Sent sent = new Sent(seed);
        sent.lines(rig, 10);
        rig.run(wordCount()).drain();
        int[] seen = {0};
        rig.hook = (reached, epoch) -> {
            if (reached == point && ++seen[0] == occurrence) {
                throw new SimulatedCrash(reached, epoch);
            }
        };
        boolean crashed = runUntilCrash(rig, sent);
        rig.hook = EpochHook.NONE;
        if (crashed) {
            rig.crash();
        }
        if (point == EpochPoint.PRODUCER_READY || point == EpochPoint.RESTORED) {
            crashed = crashWhileStarting(rig, point);
        }
        assertThat(crashed).as("the point %s was reached", point).isTrue();
        rig.run(wordCount());
        sent.lines(rig, 5);
        rig.job.drain();

        verify(rig, sent, "point " + point + " lanes " + lanes + " seed " + seed);
    }

    private static boolean runUntilCrash(JobRig rig, Sent sent) {
        try {
            for (int i = 0; i < 6; i++) {
                sent.lines(rig, 6);
                rig.job.drain();
            }
            return false;
        } catch (SimulatedCrash crash) {
            return true;
        }
    }

    private static boolean crashWhileStarting(JobRig rig, EpochPoint point) {
        rig.job.stop();
        rig.hook = (reached, epoch) -> {
            if (reached == point) {
                throw new SimulatedCrash(reached, epoch);
            }
        };
        try {
            rig.start(wordCount());
            return false;
        } catch (SimulatedCrash crash) {
            rig.hook = EpochHook.NONE;
            rig.crash();
            return true;
        }
    }

    /** Crashes after random numbers of steps, again and again. */
    @ParameterizedTest
    @CsvSource({"1,true", "1,false", "2,true", "2,false", "3,true"})
    void countsOnceWhateverTheMomentsOfTheCrashes(int lanes, boolean overlapped) {
        for (long seed = 0; seed < 12; seed++) {
            randomCrashes(lanes, overlapped, seed, 4);
        }
    }

    @Test
    @Tag("long")
    void countsOnceInAThousandRandomLives() {
        for (long seed = 1_000; seed < 2_000; seed++) {
            randomCrashes(1 + (int) (seed % 3), seed % 2 == 0, seed, 6);
        }
    }

    private static void randomCrashes(int lanes, boolean overlapped, long seed, int rounds) {
        JobRig rig = new JobRig(options(lanes, overlapped), seed);
        Random random = new Random(seed);
        rig.topic("lines", PARTITIONS);
        Sent sent = new Sent(seed);
        for (int round = 0; round < rounds; round++) {
            sent.lines(rig, 8);
            rig.run(wordCount());
            int steps = random.nextInt(400);
            for (int i = 0; i < steps; i++) {
                if (rig.scheduler.stepOne() == 0) {
                    rig.scheduler.advanceToNextDeadline();
                }
            }
            rig.crash();
        }
        rig.run(wordCount()).drain();

        verify(rig, sent, "lanes " + lanes + " overlapped " + overlapped + " seed " + seed);
    }

    private static void verify(JobRig rig, Sent sent, String what) {
        assertThat(rig.latest(COUNTS)).as(what).isEqualTo(sent.counts);
        Map<String, Long> last = new HashMap<>();
        for (String record : rig.read(COUNTS)) {
            String word = record.substring(0, record.indexOf('='));
            long count = Long.parseLong(record.substring(record.indexOf('=') + 1, record.indexOf('@')));
            assertThat(count).as(what + ": counts of " + word + " grow").isGreaterThan(last.getOrDefault(word, 0L));
            last.put(word, count);
        }
    }

    @Test
    void restoresEverythingFromTheChangelogWhenTheStateDirectoryIsLost() {
        JobRig rig = new JobRig(options(1, true), 77);
        rig.topic("lines", PARTITIONS);
        Sent sent = new Sent(77);
        sent.lines(rig, 50);
        rig.run(wordCount()).drain();
        rig.job.stop();
        rig.stores.lose();
        sent.lines(rig, 1);

        rig.run(wordCount()).drain();

        verify(rig, sent, "after the loss of the directory");
    }
}
