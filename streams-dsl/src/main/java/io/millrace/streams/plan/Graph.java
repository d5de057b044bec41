package io.millrace.streams.plan;

import io.millrace.streams.topology.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes of a topology by index, in topological order, with their inputs as indexes. */
final class Graph {

    private final List<Node> nodes;
    private final List<List<Integer>> inputs = new ArrayList<>();

    Graph(List<Node> nodes) {
        this.nodes = nodes;
        Map<String, Integer> indexes = new HashMap<>();
        for (Node node : nodes) {
            List<Integer> indexesOfInputs = new ArrayList<>();
            for (String input : node.inputs()) {
                Integer index = indexes.get(input);
                if (index == null) {
                    throw new IllegalArgumentException("nodes are not in topological order: " + node.id()
                            + " comes before " + "its input " + input);
                }
                indexesOfInputs.add(index);
            }
            inputs.add(List.copyOf(indexesOfInputs));
            indexes.put(node.id(), indexes.size());
        }
    }

    int size() {
        return nodes.size();
    }

    Node node(int index) {
        return nodes.get(index);
    }

    String id(int index) {
        return nodes.get(index).id();
    }

    List<Integer> inputs(int index) {
        return inputs.get(index);
    }
}
