package io.millrace.streams.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.JoinWindows;
import io.millrace.streams.KeyValue;
import io.millrace.streams.Split;
import io.millrace.streams.Stream;
import io.millrace.streams.Table;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.TopologyBuilder;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for the plan of any topology, however its streams and tables are knotted. */
class PlannerRandomTest {

    private static final int TOPOLOGIES = 2_000;

    @Test
    void leavesNoInputUnfedAndLeadsNoExchangeBack() {
        for (long seed = 1; seed <= TOPOLOGIES; seed++) {
            Topology topology = topology(new Random(seed));

            Plan plan = Planner.plan(topology, TopicPartitions.of(Map.of("a", 4, "b", 4, "t", 4)));

            assertThat(problems(topology, plan))
                    .as("seed " + seed + "\n" + plan.describe())
                    .isEmpty();
        }
    }

    private static List<String> problems(Topology topology, Plan plan) {
        List<String> problems = new ArrayList<>();
        Map<String, Integer> fragmentOf = new HashMap<>();
        for (Fragment fragment : plan.fragments()) {
            for (Node node : fragment.nodes()) {
                if (fragmentOf.put(node.id(), fragment.index()) != null) {
                    problems.add(node.id() + " is in two fragments");
                }
            }
        }
        topology.nodes().stream()
                .filter(node -> !fragmentOf.containsKey(node.id()))
                .forEach(node -> problems.add(node.id() + " is in no fragment"));
        for (Exchange exchange : plan.exchanges()) {
            if (exchange.fromFragment() >= exchange.toFragment()) {
                problems.add(exchange.id() + " leads back");
            }
        }
        plan.fragments().forEach(fragment -> fragment.nodes().forEach(node -> check(node, plan, fragmentOf, problems)));
        return problems;
    }

    private static void check(Node node, Plan plan, Map<String, Integer> fragmentOf, List<String> problems) {
        Set<String> inputs = new HashSet<>(node.inputs());
        for (String input : inputs) {
            long exchanges = plan.exchanges().stream()
                    .filter(e -> e.fromNode().equals(input) && e.toNodes().contains(node.id()))
                    .filter(e ->
                            e.toFragment() == fragmentOf.get(node.id()) && e.fromFragment() == fragmentOf.get(input))
                    .count();
            boolean direct = fragmentOf.get(input).equals(fragmentOf.get(node.id()));
            if (exchanges != (direct ? 0 : 1)) {
                problems.add(
                        node.id() + " has " + exchanges + " exchanges from " + input + (direct ? ", beside it" : ""));
            }
        }
        if (node.operation() instanceof Operation.Branch
                && inputs.stream().noneMatch(i -> fragmentOf.get(i).equals(fragmentOf.get(node.id())))) {
            problems.add(node.id() + " is cut from its split");
        }
    }

    private static Topology topology(Random random) {
        TopologyBuilder b = Topology.define("job");
        List<Stream<String, Long>> streams = new ArrayList<>();
        List<Table<String, Long>> tables = new ArrayList<>();
        streams.add(b.stream(Topic.of("a", Codecs.string(), Codecs.longs())));
        streams.add(b.stream(Topic.of("b", Codecs.string(), Codecs.longs())));
        tables.add(b.table(Topic.of("t", Codecs.string(), Codecs.longs())));
        for (int i = random.nextInt(14); i >= 0; i--) {
            Stream<String, Long> stream = streams.get(random.nextInt(streams.size()));
            Stream<String, Long> other = streams.get(random.nextInt(streams.size()));
            Table<String, Long> table = tables.get(random.nextInt(tables.size()));
            Table<String, Long> second = tables.get(random.nextInt(tables.size()));
            switch (random.nextInt(12)) {
                case 0 -> streams.add(stream.filter((k, v) -> true));
                case 1 -> streams.add(stream.selectKey((k, v) -> k));
                case 2 -> streams.add(stream.merge(other));
                case 3 -> streams.add(stream.repartition());
                case 4 -> streams.add(stream.join(table, Long::sum));
                case 5 -> streams.add(stream.join(other, Long::sum, JoinWindows.within(Duration.ofSeconds(1))));
                case 6 -> {
                    Split<String, Long> split = stream.split();
                    streams.add(split.when((k, v) -> true));
                    streams.add(split.otherwise());
                }
                case 7 -> streams.add(table.toStream());
                case 8 -> tables.add(stream.groupByKey().count());
                case 9 -> tables.add(table.filter((k, v) -> true));
                case 10 -> tables.add(table.groupBy((k, v) -> KeyValue.of(k, v)).count());
                default -> tables.add(table.join(second, Long::sum));
            }
        }
        return b.build();
    }
}
