package io.millrace.streams.plan;

import io.millrace.streams.plan.Placement.ByKey;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Breaks circles between fragments. A circle arises where an operator is reached both directly and through an exchange from
 * the same fragment, as in {@code s.merge(s.selectKey(f).repartition())}.
 *
 * <p>The level of a node is the number of exchanges on the longest way to it. A table and what looks into it are on one level.
 * An edge between streams of different levels becomes one more exchange, which keeps each record in its shard. Then exchanges
 * only lead to higher levels, and all else stays on one.
 */
final class Levels {

    private final Graph graph;
    private final boolean[][] cut;
    private final int[] levels;

    Levels(Graph graph, List<Cut> cuts) {
        this.graph = graph;
        this.cut = new boolean[graph.size()][];
        for (int node = 0; node < graph.size(); node++) {
            cut[node] = new boolean[graph.inputs(node).size()];
        }
        cuts.forEach(c -> cut[c.to()][c.input()] = true);
        this.levels = new int[graph.size()];
        raise();
        delay();
    }

    int level(int node) {
        return levels[node];
    }

    /** The cuts that are needed besides those there are. */
    List<Cut> furtherCuts(Placements placements, int shardCount) {
        List<Cut> further = new ArrayList<>();
        for (int node = 0; node < graph.size(); node++) {
            List<Integer> inputs = graph.inputs(node);
            for (int i = 0; i < inputs.size(); i++) {
                int from = inputs.get(i);
                if (!cut[node][i] && levels[from] < levels[node]) {
                    ByKey target = placements.of(from) instanceof ByKey byKey ? byKey : new ByKey(shardCount, null);
                    further.add(new Cut(
                            from,
                            node,
                            i,
                            target,
                            graph.id(node) + " is also reached through an exchange from upstream"));
                }
            }
        }
        return further;
    }

    /** Raises nodes above their inputs, and tables to those who look into them, until nothing moves. */
    private void raise() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int node = 0; node < graph.size(); node++) {
                List<Integer> inputs = graph.inputs(node);
                for (int i = 0; i < inputs.size(); i++) {
                    int from = inputs.get(i);
                    moved |= lift(node, levels[from] + (cut[node][i] ? 1 : 0));
                    moved |= isTied(node, i) && lift(from, levels[node]);
                }
            }
        }
    }

    private boolean lift(int node, int level) {
        if (level <= levels[node]) {
            return false;
        }
        if (level > graph.size()) {
            throw new PlanningException(graph.id(node)
                    + " depends on a table that it feeds itself, through an exchange. Write the records to a topic and read"
                    + " that topic as a stream of its own");
        }
        levels[node] = level;
        return true;
    }

    /** Moves streams towards their readers, as far as all of these allow: that saves cuts. */
    private void delay() {
        int[] latest = new int[graph.size()];
        Arrays.fill(latest, Integer.MAX_VALUE);
        for (int node = graph.size() - 1; node >= 0; node--) {
            List<Integer> inputs = graph.inputs(node);
            if (latest[node] != Integer.MAX_VALUE && isFree(node)) {
                levels[node] = latest[node];
            }
            for (int i = 0; i < inputs.size(); i++) {
                int from = inputs.get(i);
                latest[from] = Math.min(latest[from], levels[node] - (cut[node][i] ? 1 : 0));
            }
        }
    }

    private boolean isFree(int node) {
        if (Operations.isTable(graph.node(node).operation())) {
            return false;
        }
        for (int i = 0; i < graph.inputs(node).size(); i++) {
            if (isTied(node, i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a node must be on the level of an input: it looks into the table, or reads its changes; or it is one way out of
     * a split, which has no output that an exchange could carry.
     */
    private boolean isTied(int node, int input) {
        Operation from = graph.node(graph.inputs(node).get(input)).operation();
        return !cut[node][input] && (Operations.isTable(from) || from instanceof Operation.Split);
    }
}
