package io.millrace.streams.plan;

import io.millrace.streams.plan.Placement.Anywhere;
import io.millrace.streams.plan.Placement.ByKey;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.AggregateStream;
import io.millrace.streams.topology.Operation.JoinStreamStream;
import io.millrace.streams.topology.Operation.JoinStreamTable;
import io.millrace.streams.topology.Operation.JoinTableTable;
import io.millrace.streams.topology.Operations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Follows the placement of records through a topology and cuts the edges where an operator needs another one. */
final class Placements {

    private final Graph graph;
    private final SourcePartitions sources;
    private final int shardCount;
    private final List<Placement> placements = new ArrayList<>();
    private final List<Cut> cuts = new ArrayList<>();
    private final Map<Integer, ByKey> keysOfState = new HashMap<>();

    Placements(Graph graph, SourcePartitions sources, int shardCount) {
        this.graph = graph;
        this.sources = sources;
        this.shardCount = shardCount;
        for (int node = 0; node < graph.size(); node++) {
            placements.add(place(node));
        }
    }

    List<Cut> cuts() {
        return cuts;
    }

    /** Of the records that leave a node. */
    Placement of(int node) {
        return placements.get(node);
    }

    /** Of the keys in a node's state. */
    ByKey keysOfState(int node) {
        return Objects.requireNonNull(keysOfState.get(node), () -> graph.id(node) + " has no state");
    }

    private Placement place(int index) {
        Node node = graph.node(index);
        Operation operation = node.operation();
        if (Operations.isSource(operation)) {
            Placement placement = sources.placement(node);
            if (placement instanceof ByKey byKey) {
                keysOfState.put(index, byKey);
            }
            return placement;
        }
        if (operation instanceof Operation.Merge) {
            return merge(index);
        }
        if (operation instanceof Operation.Repartition repartition) {
            ByKey target = new ByKey(repartition.partitions() == 0 ? shardCount : repartition.partitions(), null);
            cut(index, 0, target, node.id() + " asks for it");
            return target;
        }
        if (operation instanceof JoinStreamTable
                || operation instanceof JoinStreamStream
                || operation instanceof JoinTableTable) {
            ByKey both = join(index);
            keysOfState.put(index, both);
            return both;
        }
        if (Operations.hasState(operation)) {
            ByKey input = keyed(index);
            keysOfState.put(index, input);
            return operation instanceof AggregateStream aggregate && aggregate.windows() != null
                    ? input.windowed(aggregate.windows().sizeMs())
                    : operation.changesKey() ? new Anywhere(node.id() + " may change the key") : input;
        }
        return operation.changesKey() ? new Anywhere(node.id() + " changes the key") : placements.get(input(index, 0));
    }

    private ByKey keyed(int index) {
        Placement placement = placements.get(input(index, 0));
        if (placement instanceof ByKey byKey) {
            return byKey;
        }
        ByKey target = new ByKey(shardCount, null);
        cut(index, 0, target, needs(index, (Anywhere) placement));
        return target;
    }

    private Placement merge(int index) {
        List<Integer> inputs = graph.inputs(index);
        Placement first = placements.get(inputs.get(0));
        for (int input : inputs) {
            Placement placement = placements.get(input);
            if (placement instanceof Anywhere) {
                return placement;
            }
            if (!placement.equals(first)) {
                return new Anywhere(graph.id(index) + " puts streams together whose keys are spread in different ways");
            }
        }
        return first;
    }

    // ---- joins

    private ByKey join(int index) {
        Placement left = placements.get(input(index, 0));
        Placement right = placements.get(input(index, 1));
        if (left instanceof ByKey leftKeys && right instanceof ByKey rightKeys) {
            return joinKeyed(index, leftKeys, rightKeys);
        }
        ByKey target = left instanceof ByKey leftKeys
                ? leftKeys
                : right instanceof ByKey rightKeys ? rightKeys : new ByKey(shardCount, null);
        if (left instanceof Anywhere anywhere) {
            cut(index, 0, target, needs(index, anywhere));
        }
        if (right instanceof Anywhere anywhere) {
            cut(index, 1, target, needs(index, anywhere));
        }
        return target;
    }

    private ByKey joinKeyed(int index, ByKey left, ByKey right) {
        if (left.partitions() != right.partitions()) {
            throw new PlanningException(
                    graph.id(index) + " joins " + describe(index, 0, left) + " with " + describe(index, 1, right)
                            + ": equal keys would be in different shards. " + advice(index, left, right));
        }
        if (left.sameKeys(right)) {
            return left;
        }
        Operation operation = graph.node(index).operation();
        String reason = graph.id(index) + " needs the keys of both inputs spread in one way, but they are encoded as "
                + left.keysName() + " and " + right.keysName();
        if (operation instanceof JoinTableTable) {
            throw new PlanningException(reason + "; use one codec for the keys of both tables");
        }
        if (operation instanceof JoinStreamTable) {
            cut(index, 0, right, reason);
            return right;
        }
        cut(index, 1, left, reason);
        return left;
    }

    private String describe(int index, int input, ByKey keys) {
        return graph.id(input(index, input)) + " (" + keys.partitions()
                + (keys.partitions() == 1 ? " partition)" : " partitions)");
    }

    private String advice(int index, ByKey left, ByKey right) {
        Operation operation = graph.node(index).operation();
        if (operation instanceof JoinStreamTable) {
            return "Put .repartition(" + right.partitions() + ") on the stream before the join";
        }
        if (operation instanceof JoinStreamStream) {
            return "Put .repartition(" + Math.max(left.partitions(), right.partitions())
                    + ") on the stream with fewer partitions before the join";
        }
        return "Create both topics with the same partition count, or read the smaller one as a stream and use .repartition("
                + Math.max(left.partitions(), right.partitions()) + ").toTable()";
    }

    // ---- cuts

    private String needs(int index, Anywhere anywhere) {
        return graph.id(index) + " needs all records of a key in one shard, but " + anywhere.because();
    }

    private int input(int index, int input) {
        return graph.inputs(index).get(input);
    }

    private void cut(int index, int input, ByKey target, String reason) {
        cuts.add(new Cut(input(index, input), index, input, target, reason));
    }
}
