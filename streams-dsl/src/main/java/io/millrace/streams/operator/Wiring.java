package io.millrace.streams.operator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Who takes what each node hands on, while a fragment is built from its sinks up. Belongs to the compiler. */
final class Wiring {

    private final Map<String, Deque<Receiver>> streams = new HashMap<>();
    private final Map<String, Deque<TableReceiver>> tables = new HashMap<>();
    private final Map<String, LateTableView> views = new HashMap<>();

    /** The receiver becomes the first of the node's. */
    void readStream(String fromNode, Receiver receiver) {
        streams.computeIfAbsent(fromNode, id -> new ArrayDeque<>()).addFirst(receiver);
    }

    /** The receiver becomes the first of the node's. */
    void readTable(String fromNode, TableReceiver receiver) {
        tables.computeIfAbsent(fromNode, id -> new ArrayDeque<>()).addFirst(receiver);
    }

    Receiver streamOf(String node) {
        return FanOut.of(new ArrayList<>(streams.getOrDefault(node, new ArrayDeque<>())));
    }

    TableReceiver tableOf(String node) {
        return TableFanOut.of(new ArrayList<>(tables.getOrDefault(node, new ArrayDeque<>())));
    }

    LateTableView view(String tableNode) {
        return views.computeIfAbsent(tableNode, id -> new LateTableView());
    }
}
