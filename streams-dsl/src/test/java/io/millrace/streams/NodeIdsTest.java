package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.codec.Codecs;
import io.millrace.streams.topology.Operations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NodeIdsTest {

    private static final Topic<String, Long> NUMBERS = Topic.of("numbers", Codecs.string(), Codecs.longs());

    @Test
    void derivesIdsFromKindsAndAnchors() {
        TopologyBuilder b = Topology.define("job");
        Stream<String, Long> numbers = b.stream(NUMBERS);
        numbers.filter((k, v) -> v > 0)
                .groupByKey()
                .count()
                .toStream()
                .selectKey((k, v) -> v)
                .groupByKey()
                .count();
        numbers.filter((k, v) -> v > 1).groupByKey().count();

        assertThat(b.build().nodes())
                .extracting("id")
                .containsExactly(
                        "read.numbers",
                        "filter.read.numbers",
                        "aggregate.read.numbers",
                        "table-to-stream.aggregate.read.numbers",
                        "select-key.aggregate.read.numbers",
                        "aggregate.aggregate.read.numbers",
                        "filter.read.numbers-2",
                        "aggregate.read.numbers-2");
    }

    @Test
    void refusesTheSameNameTwice() {
        TopologyBuilder b = Topology.define("job");
        b.stream(NUMBERS)
                .filter((k, v) -> true)
                .named("x")
                .filter((k, v) -> true)
                .named("x");

        assertThatThrownBy(b::build).hasMessageContaining("named x").hasMessageContaining("name of its own");
    }

    @Test
    void cutsLongIdsAndKeepsThemApart() {
        TopologyBuilder b = Topology.define("job");
        Table<String, Long> table = b.stream(NUMBERS).toTable();
        for (int i = 0; i < 20; i++) {
            table = table.toStream().toTable();
        }

        List<String> ids = b.build().nodes().stream().map(node -> node.id()).toList();

        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.length() <= 82);
    }

    @Test
    void keepsTheIdsOfStateWhenStatelessOperatorsComeAndGo() {
        for (int i = 0; i < 300; i++) {
            long seed = 7_000 + i;

            List<String> plain = stateful(seed, new Random(0), 0);
            List<String> edited = stateful(seed, new Random(seed), 0.5);

            assertThat(edited).as("seed " + seed).isEqualTo(plain);
        }
    }

    /** The same operators with state for the same seed, with stateless ones strewn in. */
    private static List<String> stateful(long seed, Random edits, double share) {
        Random random = new Random(seed);
        TopologyBuilder b = Topology.define("job");
        List<Stream<String, Long>> streams = new ArrayList<>();
        streams.add(b.stream(NUMBERS));
        streams.add(b.stream(Topic.of("others", Codecs.string(), Codecs.longs())));
        for (int i = 0; i < 8; i++) {
            Stream<String, Long> from = edited(streams.get(random.nextInt(streams.size())), edits, share);
            Stream<String, Long> other = edited(streams.get(random.nextInt(streams.size())), edits, share);
            streams.add(
                    switch (random.nextInt(5)) {
                        case 0 -> from.groupByKey().count().toStream();
                        case 1 -> from.toTable().toStream();
                        case 2 -> from.join(other, Long::sum, JoinWindows.within(Duration.ofSeconds(1)));
                        case 3 -> from.leftJoin(other.toTable(), (l, r) -> l);
                        default ->
                            from.groupByKey()
                                    .reduce(Long::sum)
                                    .named("step-" + i)
                                    .toStream();
                    });
        }
        return b.build().nodes().stream()
                .filter(node -> Operations.hasState(node.operation()))
                .map(node -> node.id())
                .toList();
    }

    private static Stream<String, Long> edited(Stream<String, Long> stream, Random edits, double share) {
        Stream<String, Long> result = stream;
        while (edits.nextDouble() < share) {
            result = switch (edits.nextInt(5)) {
                case 0 -> result.filter((k, v) -> true);
                case 1 -> result.mapValues(v -> v).named("edit-" + edits.nextInt());
                case 2 -> result.selectKey((k, v) -> k);
                case 3 -> result.split().otherwise();
                default -> result.peek((k, v) -> {});
            };
        }
        return result;
    }
}
