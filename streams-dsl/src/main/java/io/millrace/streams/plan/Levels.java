package io.millrace.streams.plan;

import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts the nodes of a topology on levels, so that exchanges lead from lower to higher ones and everything else stays on one.
 * Needed where an operator is reached both directly and through an exchange from the same fragment, as in {@code
 * s.merge(s.selectKey(f).repartition())}.
 *
 * <p>The level of a node is the number of exchanges on the longest way to it; a stream whose readers are all further up moves
 * up to the lowest of them. An edge that still leads from one level to another must be cut, too. Tables move up to those who
 * look into them, so that only streams are cut; if that is impossible, as a table would have to be on two levels, tables are
 * cut, too.
 */
final class Levels {

    /** An edge between levels that is no exchange yet. */
    record Gap(int from, int to, int input) {}

    private final Graph graph;
    private final boolean[][] cut;
    private final int[] levels;
    private final boolean tablesTied;

    Levels(Graph graph, List<Cut> cuts) {
        this.graph = graph;
        this.cut = new boolean[graph.size()][];
        for (int node = 0; node < graph.size(); node++) {
            cut[node] = new boolean[graph.inputs(node).size()];
        }
        cuts.forEach(c -> cut[c.to()][c.input()] = true);
        this.levels = new int[graph.size()];
        this.tablesTied = raise(true);
        if (!tablesTied) {
            Arrays.fill(levels, 0);
            raise(false);
        }
        delay();
        bringTablesOut();
    }

    int level(int node) {
        return levels[node];
    }

    List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        for (int node = 0; node < graph.size(); node++) {
            List<Integer> inputs = graph.inputs(node);
            for (int i = 0; i < inputs.size(); i++) {
                if (!cut[node][i] && levels[inputs.get(i)] < levels[node]) {
                    gaps.add(new Gap(inputs.get(i), node, i));
                }
            }
        }
        return gaps;
    }

    /** Raises nodes above their inputs and, if {@code tied}, tables to their readers. False if that has no end. */
    private boolean raise(boolean tied) {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int node = 0; node < graph.size(); node++) {
                for (int i = 0; i < graph.inputs(node).size(); i++) {
                    int from = graph.inputs(node).get(i);
                    moved |= lift(node, levels[from] + (cut[node][i] ? 1 : 0));
                    moved |= tied && isTied(node, i) && lift(from, levels[node]);
                }
                if (levels[node] > graph.size()) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean lift(int node, int level) {
        boolean lifts = level > levels[node];
        levels[node] = Math.max(levels[node], level);
        return lifts;
    }

    private void delay() {
        int[] latest = new int[graph.size()];
        Arrays.fill(latest, Integer.MAX_VALUE);
        for (int node = graph.size() - 1; node >= 0; node--) {
            if (latest[node] != Integer.MAX_VALUE && isFree(node)) {
                levels[node] = latest[node];
            }
            List<Integer> inputs = graph.inputs(node);
            for (int i = 0; i < inputs.size(); i++) {
                int from = inputs.get(i);
                latest[from] = Math.min(latest[from], levels[node] - (cut[node][i] ? 1 : 0));
            }
        }
    }

    private boolean isFree(int node) {
        if (!tablesTied) {
            return true;
        }
        for (int i = 0; i < graph.inputs(node).size(); i++) {
            if (isTied(node, i)) {
                return false;
            }
        }
        return !Operations.isTable(graph.node(node).operation());
    }

    /**
     * Whether a node should be on the level of an input: it looks into the table, or reads its changes; or it is one way out of
     * a split, which has no output that an exchange could carry.
     */
    private boolean isTied(int node, int input) {
        Operation from = graph.node(graph.inputs(node).get(input)).operation();
        return !cut[node][input] && (Operations.isTable(from) || from instanceof Operation.Split);
    }

    /** What turns a table into a stream stays with the table, and a way out of a split with the split: only streams cross levels. */
    private void bringTablesOut() {
        for (int node = 0; node < graph.size(); node++) {
            Operation operation = graph.node(node).operation();
            if (operation instanceof Operation.TableToStream
                    || operation instanceof Operation.TableGroupBy
                    || operation instanceof Operation.Branch) {
                levels[node] = Math.min(levels[node], levels[graph.inputs(node).get(0)]);
            }
        }
    }

    /** Whether a gap is one in a table, of which the upper level then needs a copy. */
    boolean isTable(Gap gap) {
        return Operations.isTable(graph.node(gap.from()).operation());
    }
}
