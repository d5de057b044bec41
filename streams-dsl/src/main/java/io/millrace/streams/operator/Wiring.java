package io.millrace.streams.operator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Who takes what each node hands on, while a fragment is built from its sinks up. Belongs to the compiler. */
final class Wiring {

    private record StreamReader(String node, Receiver receiver) {}

    private record TableReader(String node, TableReceiver receiver) {}

    private final Map<String, Deque<StreamReader>> streams = new HashMap<>();
    private final Map<String, Deque<TableReader>> tables = new HashMap<>();
    private final Map<String, LateTableView> views = new HashMap<>();

    /** The receiver becomes the first of those that read {@code from}; {@code reader} is the node it belongs to. */
    void readStream(String from, String reader, Receiver receiver) {
        streams.computeIfAbsent(from, id -> new ArrayDeque<>()).addFirst(new StreamReader(reader, receiver));
    }

    /** The receiver becomes the first of those that read {@code from}; {@code reader} is the node it belongs to. */
    void readTable(String from, String reader, TableReceiver receiver) {
        tables.computeIfAbsent(from, id -> new ArrayDeque<>()).addFirst(new TableReader(reader, receiver));
    }

    /** All that read this stream. */
    Receiver streamOf(String from) {
        return streamOf(from, reader -> true);
    }

    /** Those of the stream's readers that are chosen. */
    Receiver streamOf(String from, Predicate<String> chosen) {
        List<Receiver> receivers = new ArrayList<>();
        for (StreamReader reader : streams.getOrDefault(from, new ArrayDeque<>())) {
            if (chosen.test(reader.node())) {
                receivers.add(reader.receiver());
            }
        }
        return FanOut.of(receivers);
    }

    /** All that read this table. */
    TableReceiver tableOf(String from) {
        return tableOf(from, reader -> true);
    }

    /** Those of the table's readers that are chosen. */
    TableReceiver tableOf(String from, Predicate<String> chosen) {
        List<TableReceiver> receivers = new ArrayList<>();
        for (TableReader reader : tables.getOrDefault(from, new ArrayDeque<>())) {
            if (chosen.test(reader.node())) {
                receivers.add(reader.receiver());
            }
        }
        return TableFanOut.of(receivers);
    }

    LateTableView view(String tableNode) {
        return views.computeIfAbsent(tableNode, id -> new LateTableView());
    }
}
