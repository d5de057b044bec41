package io.millrace.streams.topology;

import io.millrace.streams.topology.Operation.AggregateStream;
import io.millrace.streams.topology.Operation.AggregateTable;
import io.millrace.streams.topology.Operation.JoinStreamStream;
import io.millrace.streams.topology.Operation.JoinStreamTable;
import io.millrace.streams.topology.Operation.JoinTableTable;
import io.millrace.streams.topology.Operation.ReadSource;
import io.millrace.streams.topology.Operation.ReadTable;
import io.millrace.streams.topology.Operation.ReadTopic;
import io.millrace.streams.topology.Operation.RunProcessor;
import io.millrace.streams.topology.Operation.StreamToTable;
import java.util.List;
import java.util.Locale;

/** Questions about operations that naming, planning and describing have in common. */
public final class Operations {

    private Operations() {}

    /** Whether records enter the job here. */
    public static boolean isSource(Operation operation) {
        return operation instanceof ReadTopic || operation instanceof ReadTable || operation instanceof ReadSource;
    }

    /**
     * Whether it keeps something per key, or finds something by key, so that all records of a key must come to one place. A
     * processor without stores counts too: it may set timers.
     */
    public static boolean hasState(Operation operation) {
        return operation instanceof AggregateStream
                || operation instanceof AggregateTable
                || operation instanceof StreamToTable
                || operation instanceof JoinStreamStream
                || operation instanceof JoinStreamTable
                || operation instanceof JoinTableTable
                || operation instanceof ReadTable
                || operation instanceof RunProcessor;
    }

    /** Whether a table comes out of it: its records are changes of rows. */
    public static boolean isTable(Operation operation) {
        return operation instanceof ReadTable
                || operation instanceof StreamToTable
                || operation instanceof AggregateStream
                || operation instanceof AggregateTable
                || operation instanceof JoinTableTable
                || operation instanceof Operation.TableFilter
                || operation instanceof Operation.TableMapValues
                || operation instanceof Operation.TableGroupBy;
    }

    /** A word for it, part of ids: it stays. */
    public static String kind(Operation operation) {
        if (operation instanceof ReadTopic) {
            return "read";
        }
        if (operation instanceof ReadTable) {
            return "table";
        }
        if (operation instanceof ReadSource) {
            return "source";
        }
        if (operation instanceof AggregateStream aggregate) {
            return aggregate.windows() == null ? "aggregate" : "window";
        }
        if (operation instanceof Operation.MapRecord) {
            return "map";
        }
        if (operation instanceof Operation.FlatMapRecord) {
            return "flat-map";
        }
        if (operation instanceof Operation.WriteTopic) {
            return "write";
        }
        if (operation instanceof RunProcessor) {
            return "process";
        }
        if (operation instanceof Operation.Filter filter && filter.negated()) {
            return "filter-not";
        }
        if (operation instanceof Operation.TableFilter filter && filter.negated()) {
            return "table-filter-not";
        }
        return operation
                .getClass()
                .getSimpleName()
                .replaceAll("([a-z])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT);
    }

    /** The topics that it reads and names; none if it reads what matches a pattern. */
    public static List<String> topicsByName(Operation operation) {
        if (operation instanceof ReadTable table) {
            return List.of(table.topic());
        }
        return operation instanceof ReadTopic read && read.topics() instanceof TopicSelection.Named named
                ? named.topics()
                : List.of();
    }

    /** Says why a topic cannot be read by two operators of a job, and what to do. */
    public static String secondReader(String topic, String node, String second) {
        return "topic " + topic + " is read by " + node + " and by " + second
                + ", but a job has one position per partition: read it once and use the stream or table twice;"
                + " toTable() and toStream() make the one of the other";
    }

    /** What a source reads. */
    static String subject(Operation operation) {
        if (operation instanceof ReadTopic read) {
            return read.topics() instanceof TopicSelection.Named named
                    ? String.join("+", named.topics())
                    : "matching."
                            + ((TopicSelection.Matching) read.topics())
                                    .pattern()
                                    .pattern();
        }
        if (operation instanceof ReadTable table) {
            return table.topic();
        }
        return ((ReadSource) operation).name();
    }
}
