package io.millrace.streams.operator;

import io.millrace.kernel.Invariant;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.JoinKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Builds the operators that read streams. Belongs to the compiler. */
final class StreamOperators {

    private final TaskContext task;
    private final Wiring wiring;
    private final List<StatefulOperator> stateful;

    StreamOperators(TaskContext task, Wiring wiring, List<StatefulOperator> stateful) {
        this.task = task;
        this.wiring = wiring;
        this.stateful = stateful;
    }

    void build(Node node) {
        Operation operation = node.operation();
        if (operation instanceof Operation.JoinStreamStream join) {
            join(node, join);
        } else if (operation instanceof Operation.JoinStreamTable join) {
            wiring.readStream(
                    node.inputs().get(0),
                    node.id(),
                    new StreamTableJoinOperator(
                            node,
                            task,
                            join.joiner(),
                            join.kind() == JoinKind.LEFT,
                            wiring.view(node.inputs().get(1)),
                            next(node)));
        } else if (operation instanceof Operation.Branch branch) {
            // The split above collects the branches itself.
            wiring.readStream(branchId(node.inputs().get(0), branch.index()), node.id(), next(node));
        } else {
            Receiver receiver = receiver(node);
            // A stream that is merged with itself comes once, as in Kafka Streams.
            for (String input : new LinkedHashSet<>(node.inputs())) {
                wiring.readStream(input, node.id(), receiver);
            }
        }
    }

    private Receiver receiver(Node node) {
        Operation operation = node.operation();
        if (operation instanceof Operation.WriteTopic) {
            return task.sink(node);
        } else if (operation instanceof Operation.Merge || operation instanceof Operation.Repartition) {
            return next(node);
        } else if (operation instanceof Operation.Filter filter) {
            return new FilterOperator(node, task, filter.predicate(), filter.negated(), next(node));
        } else if (operation instanceof Operation.MapValues map) {
            return new MapValuesOperator(node, task, map.function(), next(node));
        } else if (operation instanceof Operation.FlatMapValues map) {
            return new FlatMapValuesOperator(node, task, map.function(), next(node));
        } else if (operation instanceof Operation.MapRecord map) {
            return new MapRecordOperator(node, task, map.function(), next(node));
        } else if (operation instanceof Operation.FlatMapRecord map) {
            return new FlatMapRecordOperator(node, task, map.function(), next(node));
        } else if (operation instanceof Operation.SelectKey select) {
            return new SelectKeyOperator(node, task, select.function(), next(node));
        } else if (operation instanceof Operation.Peek peek) {
            return new ActionOperator(node, task, peek.action(), next(node));
        } else if (operation instanceof Operation.Foreach foreach) {
            return new ActionOperator(node, task, foreach.action(), next(node));
        } else if (operation instanceof Operation.Split split) {
            return split(node, split);
        } else if (operation instanceof Operation.RunProcessor run) {
            return built(new ProcessorOperator(node, task, run.supplier(), next(node)));
        }
        throw new IllegalArgumentException("no operator runs " + operation + " of node " + node.id());
    }

    private Receiver split(Node node, Operation.Split split) {
        List<Receiver> branches = new ArrayList<>();
        for (int index = 0; index <= split.predicates().size(); index++) {
            branches.add(wiring.streamOf(branchId(node.id(), index)));
        }
        return new SplitOperator(node, task, split.predicates(), branches);
    }

    private static String branchId(String split, int index) {
        return split + "#" + index;
    }

    private void join(Node node, Operation.JoinStreamStream join) {
        Invariant.check(node.inputs().size() == 2, "a join has two inputs");
        StreamStreamJoinOperator operator =
                built(new StreamStreamJoinOperator(node, task, join.joiner(), join.kind(), join.windows(), next(node)));
        // Each one becomes the first, so the left input ends up before the right one where both are the same stream.
        wiring.readStream(node.inputs().get(1), node.id(), operator::rightArrived);
        wiring.readStream(node.inputs().get(0), node.id(), operator::leftArrived);
    }

    private Receiver next(Node node) {
        return wiring.streamOf(node.id());
    }

    private <T extends StatefulOperator> T built(T operator) {
        stateful.add(operator);
        return operator;
    }
}
