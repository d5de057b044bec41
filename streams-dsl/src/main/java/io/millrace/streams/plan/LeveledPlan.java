package io.millrace.streams.plan;

import io.millrace.streams.plan.Placement.ByKey;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes of a topology once its fragments have been put on {@link Levels}. A stream that crosses levels gets one more
 * exchange, which leaves each record in its shard. A table that is looked into from a higher level gets a copy there, which its
 * updates reach through such an exchange: two nodes more, {@code copy-out.<table>} and {@code copy.<table>}. A table that is
 * computed from others is computed there once more, from their copies.
 */
final class LeveledPlan {

    private record CopyOf(int table, int level) {}

    private final Graph before;
    private final Levels levels;
    private final Map<CopyOf, String> copies = new LinkedHashMap<>();
    private final Map<String, Integer> levelOf = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, String> forced = new LinkedHashMap<>();
    private final Graph after;

    LeveledPlan(Graph before, List<Cut> cuts) {
        this.before = before;
        this.levels = new Levels(before, cuts);
        levels.gaps().stream().filter(levels::isTable).forEach(gap -> copy(gap.from(), levels.level(gap.to())));
        for (int node = 0; node < before.size(); node++) {
            int level = levels.level(node);
            add(reading(before.node(node), before.id(node), node, level), level);
            addCopies(node);
        }
        levels.gaps().stream()
                .filter(gap -> !levels.isTable(gap))
                .forEach(gap -> force(before.id(gap.from()), before.id(gap.to())));
        after = new Graph(nodes);
    }

    Graph graph() {
        return after;
    }

    /** The tables that were added: id of the copy, id of the table. */
    Map<String, String> copies() {
        Map<String, String> tables = new HashMap<>();
        copies.forEach((copy, id) -> tables.put(id, before.id(copy.table())));
        return tables;
    }

    int level(int node) {
        Integer level = levelOf.get(after.id(node));
        return level == null ? 0 : level;
    }

    /** The cuts there are, and those between levels. */
    List<Cut> cuts(Placements placements, int shardCount) {
        List<Cut> cuts = new ArrayList<>();
        for (int node = 0; node < after.size(); node++) {
            for (int input = 0; input < after.inputs(node).size(); input++) {
                int from = after.inputs(node).get(input);
                String reason = forced.get(edge(after.id(from), after.id(node)));
                if (reason != null) {
                    ByKey target = placements.of(from) instanceof ByKey byKey ? byKey : new ByKey(shardCount, null);
                    cuts.add(new Cut(from, node, input, target, reason));
                }
            }
        }
        cuts.addAll(placements.cuts());
        return cuts;
    }

    private void copy(int table, int level) {
        CopyOf copy = new CopyOf(table, level);
        if (levels.level(table) == level || copies.containsKey(copy)) {
            return;
        }
        long earlier = copies.keySet().stream().filter(c -> c.table() == table).count();
        copies.put(copy, "copy." + before.id(table) + (earlier == 0 ? "" : "-" + (earlier + 1)));
        if (isComputed(table)) {
            before.inputs(table).forEach(input -> copy(input, level));
        }
    }

    private boolean isComputed(int table) {
        Operation operation = before.node(table).operation();
        return operation instanceof Operation.TableFilter
                || operation instanceof Operation.TableMapValues
                || operation instanceof Operation.JoinTableTable;
    }

    private void addCopies(int table) {
        copies.forEach((copy, id) -> {
            if (copy.table() == table && isComputed(table)) {
                add(reading(before.node(table), id, table, copy.level()), copy.level());
            } else if (copy.table() == table) {
                addStoredCopy(table, id, copy.level());
            }
        });
    }

    private void addStoredCopy(int table, String id, int level) {
        String out = "copy-out." + before.id(table);
        if (!levelOf.containsKey(out)) {
            add(
                    new Node(out, List.of(before.id(table)), new Operation.TableToStream(), null, null),
                    levels.level(table));
        }
        add(new Node(id, List.of(out), new Operation.StreamToTable(), null, null), level);
        force(out, id);
    }

    /** A node that looks into the copies of its level instead of the tables. */
    private Node reading(Node original, String id, int index, int level) {
        List<String> inputs = new ArrayList<>();
        for (int input : before.inputs(index)) {
            inputs.add(copies.getOrDefault(new CopyOf(input, level), before.id(input)));
        }
        return new Node(id, inputs, original.operation(), original.errorPolicy(), original.lateTo());
    }

    private void add(Node node, int level) {
        nodes.add(node);
        levelOf.put(node.id(), level);
    }

    private void force(String from, String to) {
        forced.put(edge(from, to), to + " is also reached through an exchange from upstream");
    }

    private static String edge(String from, String to) {
        return from + "\n" + to;
    }
}
