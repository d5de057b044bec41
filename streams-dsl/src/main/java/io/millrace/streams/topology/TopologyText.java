package io.millrace.streams.topology;

import java.util.List;

/** Nodes as text: one line each, in topological order, with what they read. */
public final class TopologyText {

    private TopologyText() {}

    public static String of(List<Node> nodes, String indent) {
        int width = nodes.stream().mapToInt(node -> node.id().length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            text.append(indent)
                    .append(node.id())
                    .append(" ".repeat(width - node.id().length()))
                    .append("  ")
                    .append(OperationText.of(node));
            if (!node.inputs().isEmpty()) {
                text.append("  ← ").append(String.join(", ", node.inputs()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** A node of a DOT graph. */
    public static String dot(Node node) {
        String shape = Operations.isSource(node.operation()) || node.operation() instanceof Operation.WriteTopic
                ? "cds"
                : Operations.hasState(node.operation()) ? "cylinder" : "box";
        return "  " + quoted(node.id()) + " [shape=" + shape + ", label="
                + quoted(node.id() + "\n" + OperationText.of(node)) + "];\n";
    }

    public static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
