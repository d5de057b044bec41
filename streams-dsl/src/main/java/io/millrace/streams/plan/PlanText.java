package io.millrace.streams.plan;

import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.TopologyText;
import java.util.ArrayList;
import java.util.List;

/** A plan for people: as text and as a DOT graph. */
final class PlanText {

    private PlanText() {}

    static String describe(Plan plan) {
        StringBuilder text = new StringBuilder();
        text.append("job ")
                .append(plan.job())
                .append(", ")
                .append(count(plan.shardCount(), "shard"))
                .append('\n');
        for (Fragment fragment : plan.fragments()) {
            text.append("\nfragment ").append(fragment.index()).append('\n');
            for (Exchange exchange : plan.exchanges()) {
                if (exchange.toFragment() == fragment.index()) {
                    text.append(exchange(exchange));
                }
            }
            text.append(TopologyText.of(fragment.nodes(), "  "));
        }
        if (!plan.stores().isEmpty()) {
            text.append("\nstores\n");
            for (Plan.PlannedStore store : plan.stores()) {
                text.append("  ")
                        .append(store.name())
                        .append("  ")
                        .append(store.kind())
                        .append(", ")
                        .append(store.keysName())
                        .append(" keys over ")
                        .append(count(store.partitions(), "shard"))
                        .append('\n');
            }
        }
        return text.toString();
    }

    static String describe(Plan plan, LaneLayout layout) {
        StringBuilder text = new StringBuilder(describe(plan));
        text.append("\nlanes\n");
        for (int lane = 0; lane < layout.laneCount(); lane++) {
            List<String> shards = new ArrayList<>();
            for (int shard = lane; shard < plan.shardCount(); shard += layout.laneCount()) {
                shards.add(Integer.toString(shard));
            }
            text.append("  lane ")
                    .append(lane)
                    .append("  ring of ")
                    .append(layout.frameRing())
                    .append(" frames: ")
                    .append(String.join(" → ", layout.stages()))
                    .append("; shards ")
                    .append(String.join(", ", shards))
                    .append('\n');
        }
        int pairs = layout.laneCount() * (layout.laneCount() - 1);
        if (pairs > 0 && !plan.exchanges().isEmpty()) {
            text.append("  between lanes  ")
                    .append(count(pairs * plan.exchanges().size(), "ring"))
                    .append(" of ")
                    .append(layout.exchangeRing())
                    .append(" frames, one per exchange and direction\n");
        }
        return text.toString();
    }

    static String dot(Plan plan) {
        StringBuilder text = new StringBuilder("digraph " + TopologyText.quoted(plan.job()) + " {\n  rankdir=LR;\n");
        for (Fragment fragment : plan.fragments()) {
            text.append("  subgraph cluster_")
                    .append(fragment.index())
                    .append(" {\n  label=\"fragment ")
                    .append(fragment.index())
                    .append("\";\n");
            fragment.nodes().forEach(node -> text.append(TopologyText.dot(node)));
            text.append("  }\n");
        }
        for (Exchange exchange : plan.exchanges()) {
            text.append("  ")
                    .append(TopologyText.quoted(exchange.id()))
                    .append(" [shape=diamond, label=")
                    .append(TopologyText.quoted(exchange.id() + "\n" + exchange.reason()))
                    .append("];\n");
            text.append(edge(exchange.fromNode(), exchange.id()));
        }
        for (Fragment fragment : plan.fragments()) {
            fragment.nodes().forEach(node -> node.inputs()
                    .forEach(input -> text.append(edge(origin(plan, input, node), node.id()))));
        }
        return text.append("}\n").toString();
    }

    /** The exchange through which an input comes, if one does. */
    private static String origin(Plan plan, String input, Node node) {
        return plan.exchanges().stream()
                .filter(e -> e.fromNode().equals(input) && e.toNodes().contains(node.id()))
                .map(Exchange::id)
                .findFirst()
                .orElse(input);
    }

    private static String edge(String from, String to) {
        return "  " + TopologyText.quoted(from) + " -> " + TopologyText.quoted(to) + ";\n";
    }

    private static String exchange(Exchange exchange) {
        String keys = exchange.keys() == null ? "canonical" : exchange.keys().name();
        return "  ⇐ " + exchange.id() + " from fragment " + exchange.fromFragment() + ", by " + keys + " keys over "
                + count(exchange.partitions(), "shard") + (exchange.carriesChanges() ? ", carries changes" : "")
                + "\n      because " + exchange.reason() + "\n";
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
