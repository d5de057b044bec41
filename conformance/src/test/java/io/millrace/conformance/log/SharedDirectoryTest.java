package io.millrace.conformance.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.conformance.log.OpenLog.Content;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One partition directory, written by our log and opened by the log class of Kafka's broker, and the other way round, after a
 * clean shutdown and without one. Who opens it finds what a model says was written: records, aborted transactions, producers,
 * leader epochs, offsets by time. Then it goes on writing, and the first one finds that.
 */
class SharedDirectoryTest {

    private static final UUID TOPIC_ID = UUID.fromString("9b1d3ca4-2f10-4d8e-b0a3-1f6c7e5d2a4b");

    /** Kafka's class looks at the real time, and forgets producers a day later. */
    private static final long NOW = System.currentTimeMillis();

    private static final Map<String, String> SMALL =
            Map.of("internal.segment.bytes", "2000", "index.interval.bytes", "200", "max.message.bytes", "1900");

    private static final int SEEDS = 2;
    private static final int SEEDS_LONG = 20;
    private static final int STEPS = 150;
    private static final int LOOK_UPS = 20;

    @TempDir
    private Path folder;

    private enum Side {
        OURS,
        KAFKA;

        OpenLog open(Path directory, boolean clean) {
            return this == OURS
                    ? new OurLog(directory, SMALL, TOPIC_ID, clean)
                    : new KafkaLog(directory, SMALL, TOPIC_ID, clean);
        }
    }

    @ParameterizedTest(name = "{0} writes, {1} reads, clean shutdown: {2}")
    @CsvSource({"OURS,KAFKA,true", "OURS,KAFKA,false", "KAFKA,OURS,true", "KAFKA,OURS,false"})
    void whatOneWroteTheOtherOpensAndGoesOnWith(Side writer, Side reader, boolean clean) throws Exception {
        compare(writer, reader, clean, 1, SEEDS);
    }

    @Tag("long")
    @ParameterizedTest(name = "{0} writes, {1} reads, clean shutdown: {2}")
    @CsvSource({"OURS,KAFKA,true", "OURS,KAFKA,false", "KAFKA,OURS,true", "KAFKA,OURS,false"})
    void whatOneWroteTheOtherOpensForManySeeds(Side writer, Side reader, boolean clean) throws Exception {
        compare(writer, reader, clean, 1_000, SEEDS_LONG);
    }

    private void compare(Side writer, Side reader, boolean clean, long firstSeed, int seeds) throws Exception {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            Path directory =
                    Files.createDirectories(folder.resolve("seed-" + seed).resolve("flights-0"));
            Model model = new Model(seed);
            write(model, writer, directory);
            check(model, reader, directory, clean, "written by " + writer + ", seed " + seed);
            write(model, reader, directory);
            check(model, writer, directory, clean, "gone on by " + reader + ", seed " + seed);
        }
    }

    private static void write(Model model, Side side, Path directory) throws Exception {
        try (OpenLog log = side.open(directory, true)) {
            for (int step = 0; step < STEPS; step++) {
                model.step(log);
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().endsWith(".log")))
                    .as("segments")
                    .hasSizeGreaterThan(3);
        }
    }

    private static void check(Model model, Side side, Path directory, boolean clean, String what) {
        try (OpenLog log = side.open(directory, clean)) {
            Content found = log.content();
            Content expected = model.content();
            assertThat(found.producers()).as(what).isEqualTo(expected.producers());
            assertThat(found).as(what).isEqualTo(expected);
            model.lookUps().forEach((time, offset) -> assertThat(log.offsetAt(time))
                    .as("%s, at %d", what, time)
                    .isEqualTo(offset));
        }
    }

    /** What was written, kept without any log. */
    private static final class Model {

        private record Open(int firstOffset, List<String> values) {}

        private final Random random;
        private final List<String> aborted = new ArrayList<>();
        private final List<String> epochs = new ArrayList<>();
        private final TreeMap<Integer, String> visible = new TreeMap<>();
        private final Map<Long, Open> open = new TreeMap<>();
        private final Map<Long, int[]> epochAndSequence = new HashMap<>();

        /** First offset at or after a time, for times at which records were written. */
        private final TreeMap<Long, Long> times = new TreeMap<>();

        private int end;
        private int leaderEpoch = -1;
        private long now = NOW;

        Model(long seed) {
            random = new Random(seed);
        }

        void step(OpenLog log) {
            now += 1 + random.nextInt(5);
            if (leaderEpoch < 0 || random.nextInt(25) == 0) {
                leaderEpoch += 1 + random.nextInt(3);
                epochs.add(leaderEpoch + " from " + end);
            }
            long producer = 1 + random.nextInt(4);
            boolean transactional = producer > 1;
            int[] state = epochAndSequence.computeIfAbsent(producer, id -> new int[] {0, 0});
            if (transactional && open.containsKey(producer) && random.nextInt(3) == 0) {
                end(log, producer, state);
            } else {
                append(log, producer, transactional, state);
            }
        }

        private void end(OpenLog log, long producer, int[] state) {
            boolean commit = random.nextInt(3) > 0;
            state[0]++;
            state[1] = 0;
            log.end(producer, state[0], commit, leaderEpoch, now);
            Open ended = open.remove(producer);
            if (commit) {
                ended.values().forEach(value -> visible.put(Integer.parseInt(value.substring(1)), value));
            } else {
                aborted.add(producer + " from " + ended.firstOffset());
            }
            end++; // Not to be found by its time: users never see a marker, and ours do not answer it.
        }

        private void append(OpenLog log, long producer, boolean transactional, int[] state) {
            List<String> values = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                values.add("v" + (end + values.size()));
            }
            log.append(producer, state[0], state[1], transactional, leaderEpoch, now, values);
            state[1] += values.size();
            if (transactional) {
                open.computeIfAbsent(producer, id -> new Open(end, new ArrayList<>()))
                        .values()
                        .addAll(values);
            } else {
                values.forEach(value -> visible.put(Integer.parseInt(value.substring(1)), value));
            }
            times.put(now, (long) end);
            end += values.size();
        }

        /** The last few times, and some before them. */
        Map<Long, Long> lookUps() {
            List<Long> all = List.copyOf(times.keySet());
            Map<Long, Long> chosen = new TreeMap<>();
            for (int i = 0; i < LOOK_UPS; i++) {
                long time = all.get(i < LOOK_UPS / 4 ? all.size() - 1 - i : random.nextInt(all.size()));
                chosen.put(time, times.get(time));
            }
            return chosen;
        }

        Content content() {
            int stable =
                    open.values().stream().mapToInt(Open::firstOffset).min().orElse(end);
            Map<Long, String> producers = new HashMap<>();
            epochAndSequence.forEach((producer, state) -> producers.put(
                    producer,
                    state[0] + ", " + (state[1] - 1) + ", "
                            + (open.containsKey(producer) ? open.get(producer).firstOffset() : -1)));
            return new Content(
                    TOPIC_ID,
                    stable,
                    end,
                    visible.headMap(stable).entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList(),
                    epochs,
                    producers,
                    aborted);
        }
    }
}
