package io.millrace.streams.operator;

import io.millrace.streams.Emit;
import io.millrace.streams.Windows;
import io.millrace.streams.plan.TableWiring;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import java.util.List;

/** Builds the operators that make, change or read tables. Belongs to the compiler. */
final class TableOperators {

    private final TaskContext task;
    private final Wiring wiring;
    private final TableWiring demands;
    private final List<StatefulOperator> stateful;

    TableOperators(TaskContext task, Wiring wiring, TableWiring demands, List<StatefulOperator> stateful) {
        this.task = task;
        this.wiring = wiring;
        this.demands = demands;
        this.stateful = stateful;
    }

    /** Returns false if the node is none of these. */
    boolean build(Node node) {
        Operation operation = node.operation();
        String input = node.inputs().get(0);
        if (operation instanceof Operation.StreamToTable) {
            wiring.readStream(input, node.id(), source(node));
        } else if (operation instanceof Operation.AggregateStream aggregate) {
            wiring.readStream(input, node.id(), aggregate(node, aggregate));
        } else if (operation instanceof Operation.AggregateTable aggregate) {
            Results results = new Results(aggregate.aggregate(), task.stateValues(), 0);
            AggregateTableOperator operator = built(new AggregateTableOperator(
                    node, task, aggregate.aggregate(), results, emission(node, Emit.onUpdate(), results)));
            wiring.view(node.id()).set(guarded(node, operator.view()));
            wiring.readTable(input, node.id(), operator);
        } else if (operation instanceof Operation.TableFilter filter) {
            TableFilterOperator operator = new TableFilterOperator(
                    node, task, filter.predicate(), filter.negated(), demands.sendsOld(node), next(node));
            wiring.view(node.id()).set(operator.view(wiring.view(input)));
            wiring.readTable(input, node.id(), operator);
        } else if (operation instanceof Operation.TableMapValues map) {
            TableMapOperator operator =
                    new TableMapOperator(node, task, map.function(), demands.sendsOld(node), next(node));
            wiring.view(node.id()).set(operator.view(wiring.view(input)));
            wiring.readTable(input, node.id(), operator);
        } else if (operation instanceof Operation.TableGroupBy group) {
            wiring.readTable(input, node.id(), new TableGroupOperator(node, task, group.function(), next(node)));
        } else if (operation instanceof Operation.TableToStream) {
            Receiver stream = wiring.streamOf(node.id());
            wiring.readTable(
                    input,
                    node.id(),
                    (key, oldValue, newValue, timestampMs, context) ->
                            stream.accept(key, newValue, timestampMs, context));
        } else if (operation instanceof Operation.JoinTableTable join) {
            join(node, join);
        } else {
            return false;
        }
        return true;
    }

    /** The entrance of a table made of a topic or a stream. */
    Receiver source(Node node) {
        TableSourceOperator operator = built(new TableSourceOperator(node, task, demands.keepsRows(node), next(node)));
        wiring.view(node.id()).set((key, context) -> operator.row(key));
        return operator;
    }

    private Receiver aggregate(Node node, Operation.AggregateStream operation) {
        Windows windows = operation.windows();
        if (windows == null) {
            Results results = new Results(operation.aggregate(), task.stateValues(), 0);
            AggregateOperator operator = built(new AggregateOperator(
                    node, task, operation.aggregate(), results, emission(node, operation.emit(), results)));
            wiring.view(node.id()).set(guarded(node, operator.view()));
            return operator;
        }
        Results results = new Results(operation.aggregate(), task.stateValues(), windows.sizeMs());
        Emission emission = operation.emit() instanceof Emit.OnWindowClose
                ? new EmitOnClose(node, task, results, next(node))
                : emission(node, operation.emit(), results);
        WindowedAggregateOperator operator =
                built(new WindowedAggregateOperator(node, task, operation.aggregate(), windows, results, emission));
        wiring.view(node.id()).set(guarded(node, operator.view()));
        return operator;
    }

    /** A result that cannot be computed when somebody looks it up is a failure of the aggregate, not of the one who looks. */
    private TableView guarded(Node node, TableView view) {
        return (key, context) -> {
            try {
                return view.row(key, context);
            } catch (Exception e) {
                task.failed(node, e, key, null, StreamTime.UNKNOWN, context);
                return null;
            }
        };
    }

    private Emission emission(Node node, Emit emit, Results results) {
        boolean sendsOld = demands.sendsOld(node);
        if (emit instanceof Emit.OnUpdateAtMost atMost) {
            // Who looks up a row whose update is held must find the row as it was before.
            boolean keepsOld = sendsOld || demands.isLookedUp(node);
            return new EmitAtMostEvery(node, task, results, keepsOld, atMost.intervalMs(), next(node));
        }
        if (emit instanceof Emit.OnWindowClose) {
            throw new IllegalArgumentException(
                    "node " + node.id() + " emits when its windows close, but has no windows");
        }
        return task.emitsEveryUpdate() || demands.isJoinedWithTable(node)
                ? new EmitEveryUpdate(node, task, results, sendsOld, next(node))
                : new EmitOncePerEpoch(node, task, results, sendsOld, next(node));
    }

    private void join(Node node, Operation.JoinTableTable join) {
        String left = node.inputs().get(0);
        String right = node.inputs().get(1);
        TableTableJoinOperator operator = new TableTableJoinOperator(
                node,
                task,
                join.joiner(),
                join.kind(),
                demands.sendsOld(node),
                wiring.view(left),
                wiring.view(right),
                next(node));
        wiring.view(node.id()).set(operator.view());
        // Each one becomes the first, so the left input ends up before the right one where both are the same table.
        wiring.readTable(right, node.id(), operator::rightUpdated);
        wiring.readTable(left, node.id(), operator::leftUpdated);
    }

    private TableReceiver next(Node node) {
        return wiring.tableOf(node.id());
    }

    private <T extends StatefulOperator> T built(T operator) {
        stateful.add(operator);
        return operator;
    }
}
