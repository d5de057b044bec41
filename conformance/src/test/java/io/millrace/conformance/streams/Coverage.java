package io.millrace.conformance.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.Topology;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.AggregateStream;
import io.millrace.streams.topology.Operation.Filter;
import io.millrace.streams.topology.Operation.JoinStreamStream;
import io.millrace.streams.topology.Operation.JoinStreamTable;
import io.millrace.streams.topology.Operation.JoinTableTable;
import io.millrace.streams.topology.Operation.TableFilter;
import io.millrace.streams.topology.Operation.WriteTopic;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which operators the compared topologies had, and how often. */
final class Coverage {

    /** Foreign data has no counterpart in Kafka Streams. */
    private static final Set<Class<?>> NO_COUNTERPART = Set.of(Operation.ReadSource.class);

    /** Those of one class that are different operators to a user. */
    private static final List<String> VARIANTS = List.of(
            "Filter",
            "Filter not",
            "TableFilter",
            "TableFilter not",
            "WriteTopic",
            "WriteTopic chosen per record",
            "AggregateStream",
            "AggregateStream tumbling on update",
            "AggregateStream tumbling on close",
            "AggregateStream hopping on update",
            "AggregateStream hopping on close",
            "AggregateStream hopping on update with grace",
            "AggregateStream hopping on close with grace",
            "JoinStreamTable inner",
            "JoinStreamTable left",
            "JoinStreamStream inner",
            "JoinStreamStream left",
            "JoinStreamStream outer",
            "JoinTableTable inner",
            "JoinTableTable left",
            "JoinTableTable outer",
            "groupByKey of a stream, count",
            "groupByKey of a stream, reduce",
            "groupByKey of a stream, aggregate",
            "groupBy of a stream, count",
            "groupBy of a stream, reduce",
            "groupBy of a stream, aggregate",
            "windowed of a stream, count",
            "windowed of a stream, reduce",
            "windowed of a stream, aggregate",
            "groupBy of a table, count",
            "groupBy of a table, reduce",
            "groupBy of a table, aggregate");

    private static final Pattern AGGREGATE =
            Pattern.compile("= (stream|table) \\d+\\.(\\w+).*\\.(count|reduce|aggregate)$");

    private final Map<String, Integer> counts = new TreeMap<>();

    void add(Topology topology, List<String> script) {
        topology.nodes().stream().map(Node::operation).map(Coverage::name).forEach(this::add);
        for (String line : script) {
            AGGREGATE.matcher(line).results().map(Coverage::name).forEach(this::add);
        }
    }

    private void add(String operator) {
        counts.merge(operator, 1, Integer::sum);
    }

    private static String name(MatchResult aggregate) {
        return aggregate.group(2) + " of a " + aggregate.group(1) + ", " + aggregate.group(3);
    }

    private static String name(Operation operation) {
        String name = operation.getClass().getSimpleName();
        if (operation instanceof Filter filter) {
            return name + (filter.negated() ? " not" : "");
        } else if (operation instanceof TableFilter filter) {
            return name + (filter.negated() ? " not" : "");
        } else if (operation instanceof WriteTopic write) {
            return name + (write.chooser() == null ? "" : " chosen per record");
        } else if (operation instanceof AggregateStream aggregate) {
            return name + windows(aggregate);
        } else if (operation instanceof JoinStreamTable join) {
            return name + kind(join.kind());
        } else if (operation instanceof JoinStreamStream join) {
            return name + kind(join.kind());
        } else if (operation instanceof JoinTableTable join) {
            return name + kind(join.kind());
        }
        return name;
    }

    private static String kind(Operation.JoinKind kind) {
        return " " + kind.name().toLowerCase(Locale.ROOT);
    }

    private static String windows(AggregateStream aggregate) {
        if (aggregate.windows() == null) {
            return "";
        }
        boolean tumbling = aggregate.windows().sizeMs() == aggregate.windows().advanceMs();
        boolean onClose = aggregate.emit() instanceof io.millrace.streams.Emit.OnWindowClose;
        boolean grace = aggregate.windows().graceMs() > 0;
        return (tumbling ? " tumbling" : " hopping")
                + (onClose ? " on close" : " on update")
                + (grace && !tumbling ? " with grace" : "");
    }

    /** Every operator that both sides have must have been there, those that will be added to the topology too. */
    void assertComplete() {
        System.out.println("operators compared: " + counts);
        assertThat(counts.keySet()).containsAll(VARIANTS);
        Set<String> kinds = counts.keySet().stream()
                .map(name -> name.replaceFirst(" .*", ""))
                .collect(Collectors.toSet());
        assertThat(Arrays.stream(Operation.class.getPermittedSubclasses())
                        .filter(kind -> !NO_COUNTERPART.contains(kind) && Operation.class.isAssignableFrom(kind))
                        .map(Class::getSimpleName))
                .allSatisfy(kind -> assertThat(kinds).contains(kind));
    }
}
