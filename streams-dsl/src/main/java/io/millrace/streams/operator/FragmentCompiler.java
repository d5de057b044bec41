package io.millrace.streams.operator;

import io.millrace.streams.plan.Exchange;
import io.millrace.streams.plan.Fragment;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.plan.TableWiring;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;

/**
 * Turns a fragment of a plan into operators that call each other: one final object per operator, a fan-out only where a node
 * has several consumers, nothing at all for nodes that do nothing.
 *
 * <p>It builds from the sinks up, as an operator is given its receivers when it is made. Within the fragment tables speak
 * {@link TableReceiver}; a {@link Change} is made only where a table leaves the fragment. Consumers of a node are called in
 * the order of the topology, exchanges last. Building opens the stores, so it happens once per shard and run.
 */
public final class FragmentCompiler {

    private final Fragment fragment;
    private final Plan plan;
    private final TaskContext task;
    private final Wiring wiring = new Wiring();
    private final Map<String, Receiver> inputs = new HashMap<>();
    private final List<StatefulOperator> stateful = new ArrayList<>();
    private final StreamOperators streams;
    private final TableOperators tables;

    private FragmentCompiler(Fragment fragment, Plan plan, TaskContext task) {
        this.fragment = fragment;
        this.plan = plan;
        this.task = task;
        this.streams = new StreamOperators(task, wiring, stateful);
        this.tables =
                new TableOperators(task, wiring, new TableWiring(fragment, plan.fragments(), plan.copies()), stateful);
    }

    /** Builds the fragment's operators for the shard that {@code task} belongs to. */
    public static CompiledFragment compile(Fragment fragment, Plan plan, TaskContext task) {
        return new FragmentCompiler(fragment, plan, task).compile();
    }

    private CompiledFragment compile() {
        ListIterator<Node> fromTheSinks =
                fragment.nodes().listIterator(fragment.nodes().size());
        while (fromTheSinks.hasPrevious()) {
            Node node = fromTheSinks.previous();
            leaveThroughExchanges(node);
            build(node);
        }
        Collections.reverse(stateful);
        return new CompiledFragment(inputs, exchangeInputs(), stateful);
    }

    private void build(Node node) {
        Operation operation = node.operation();
        if (operation instanceof Operation.ReadTopic || operation instanceof Operation.ReadSource) {
            inputs.put(node.id(), wiring.streamOf(node.id()));
        } else if (operation instanceof Operation.ReadTable) {
            inputs.put(node.id(), tables.source(node));
        } else if (!tables.build(node)) {
            streams.build(node);
        }
    }

    private void leaveThroughExchanges(Node node) {
        for (Exchange exchange : plan.exchanges()) {
            if (exchange.fromFragment() == fragment.index()
                    && exchange.fromNode().equals(node.id())) {
                Receiver out = task.exchange(exchange.id());
                if (exchange.carriesChanges()) {
                    wiring.readTable(
                            node.id(),
                            exchange.id(),
                            (key, oldValue, newValue, timestampMs, context) ->
                                    out.accept(key, new Change(oldValue, newValue), timestampMs, context));
                } else {
                    wiring.readStream(node.id(), exchange.id(), out);
                }
            }
        }
    }

    private Map<String, Receiver> exchangeInputs() {
        Map<String, Receiver> entrances = new HashMap<>();
        for (Exchange exchange : plan.exchanges()) {
            if (exchange.toFragment() == fragment.index()) {
                entrances.put(exchange.id(), entrance(exchange));
            }
        }
        return entrances;
    }

    private Receiver entrance(Exchange exchange) {
        if (!exchange.carriesChanges()) {
            return wiring.streamOf(exchange.fromNode(), exchange.toNodes()::contains);
        }
        TableReceiver table = wiring.tableOf(exchange.fromNode(), exchange.toNodes()::contains);
        return (key, value, timestampMs, context) -> {
            Change change = (Change) Erased.nullable(value);
            table.update(Erased.nullable(key), change.oldValue(), change.newValue(), timestampMs, context);
        };
    }
}
