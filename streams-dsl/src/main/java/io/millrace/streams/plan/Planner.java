package io.millrace.streams.plan;

import io.millrace.streams.Aggregate;
import io.millrace.streams.Emit;
import io.millrace.streams.Topology;
import io.millrace.streams.plan.Placement.ByKey;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.AggregateStream;
import io.millrace.streams.topology.Operation.RunProcessor;
import io.millrace.streams.topology.Operations;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a plan of a topology: a pure function of the topology and of the partition counts of its topics.
 *
 * <p>An operator that needs all records of a key in one shard gets an exchange in front of it, unless its input is still
 * spread as its topic was. Exchanges stand as far downstream as they can, so that filters on the way save traffic.
 */
public final class Planner {

    private Planner() {}

    /** @throws PlanningException if a topic is missing, or inputs of a join cannot be brought together */
    public static Plan plan(Topology topology, TopicPartitions topics) {
        Graph graph = new Graph(topology.nodes());
        SourcePartitions sources = new SourcePartitions(topics);
        int shardCount = shardCount(topology, sources);
        Placements placements = new Placements(graph, sources, shardCount);
        Optional<Fragments> straight = Fragments.of(graph, placements.cuts(), node -> 0);
        if (straight.isPresent()) {
            return plan(topology, shardCount, graph, placements, straight.get(), Map.of());
        }
        LeveledPlan leveled = new LeveledPlan(graph, placements.cuts());
        Placements again = new Placements(leveled.graph(), sources, shardCount);
        Fragments fragments = Fragments.of(leveled.graph(), leveled.cuts(again, shardCount), leveled::level)
                .orElseThrow(() -> new IllegalStateException("exchanges lead in a circle in spite of levels"));
        return plan(topology, shardCount, leveled.graph(), again, fragments, leveled.copies());
    }

    private static Plan plan(
            Topology topology,
            int shardCount,
            Graph graph,
            Placements placements,
            Fragments fragments,
            Map<String, String> copies) {
        List<Exchange> exchanges = fragments.exchanges();
        List<Fragment> all = fragments.fragments(exchanges);
        return new Plan(
                topology.job(),
                shardCount,
                all,
                exchanges,
                stores(graph, placements, tablesWithRows(all, copies), copies),
                copies);
    }

    private static Set<String> tablesWithRows(List<Fragment> all, Map<String, String> copies) {
        Set<String> found = new HashSet<>();
        for (Fragment fragment : all) {
            TableWiring wiring = new TableWiring(fragment, all, copies);
            for (Node node : fragment.nodes()) {
                if (wiring.keepsRows(node)) {
                    found.add(node.id());
                }
            }
        }
        return found;
    }

    private static int shardCount(Topology topology, SourcePartitions sources) {
        int largest = 1;
        for (Node node : topology.nodes()) {
            largest = Math.max(largest, sources.largest(node));
        }
        return largest;
    }

    private static List<Plan.PlannedStore> stores(
            Graph graph, Placements placements, Set<String> tablesWithRows, Map<String, String> copies) {
        List<Plan.PlannedStore> stores = new ArrayList<>();
        for (int index = 0; index < graph.size(); index++) {
            Node node = graph.node(index);
            if (keepsState(node.operation())) {
                ByKey keys = placements.keysOfState(index);
                String table = copies.get(node.id());
                String kind = (table == null ? kind(node.operation()) : Plan.copyKind(table))
                        + (tablesWithRows.contains(node.id()) ? Plan.WITH_ROWS : "");
                stores.add(new Plan.PlannedStore(
                        node.id(), kind, keys.keys(), keys.partitions(), accumulator(node.operation())));
                if (node.operation() instanceof AggregateStream aggregate
                        && aggregate.emit() instanceof Emit.OnUpdateAtMost) {
                    stores.add(new Plan.PlannedStore(
                            node.id() + Plan.HELD, Plan.HELD_KIND, keys.keys(), keys.partitions(), ""));
                }
            }
        }
        return stores;
    }

    private static String accumulator(Operation operation) {
        Aggregate<Object, Object, Object, Object> aggregate = operation instanceof AggregateStream stream
                ? stream.aggregate()
                : operation instanceof Operation.AggregateTable table ? table.aggregate() : null;
        if (aggregate == null) {
            return "";
        }
        try {
            Object empty = aggregate.empty();
            return empty instanceof Enum<?> constant
                    ? constant.getDeclaringClass().getName()
                    : empty == null ? "" : empty.getClass().getName();
        } catch (Exception e) {
            // Its records will meet the same exception, and the error policy.
            return "";
        }
    }

    /** Joins with a table look into it and keep nothing themselves. */
    private static boolean keepsState(Operation operation) {
        return Operations.hasState(operation)
                && !(operation instanceof Operation.JoinStreamTable)
                && !(operation instanceof Operation.JoinTableTable);
    }

    private static String kind(Operation operation) {
        if (operation instanceof AggregateStream aggregate && aggregate.windows() != null) {
            return "window(" + aggregate.windows().sizeMs() + ","
                    + aggregate.windows().advanceMs() + ")";
        }
        if (operation instanceof RunProcessor processor) {
            return "process(" + String.join(",", processor.supplier().stores()) + ")";
        }
        if (operation instanceof Operation.ReadTable table) {
            return "table(" + table.topic() + ")";
        }
        return Operations.kind(operation);
    }
}
