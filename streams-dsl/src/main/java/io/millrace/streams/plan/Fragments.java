package io.millrace.streams.plan;

import io.millrace.streams.topology.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/** Divides a topology into what stays connected when the cuts are made, and merges cuts that carry the same records. */
final class Fragments {

    /** Cuts that carry the same records to the same shards of one fragment. */
    private record Same(int from, Placement.ByKey target, int level) {}

    private final Graph graph;
    private final int[] roots;
    private final Map<Same, List<Cut>> exchanges = new LinkedHashMap<>();
    private final Map<Integer, Integer> order = new LinkedHashMap<>();

    private Fragments(Graph graph, List<Cut> cuts, IntUnaryOperator level) {
        this.graph = graph;
        this.roots = new int[graph.size()];
        Set<List<Integer>> cutEdges = new LinkedHashSet<>();
        for (Cut cut : cuts) {
            cutEdges.add(List.of(cut.to(), cut.input()));
            exchanges
                    .computeIfAbsent(
                            new Same(cut.from(), cut.target(), level.applyAsInt(cut.to())), same -> new ArrayList<>())
                    .add(cut);
        }
        for (int node = 0; node < graph.size(); node++) {
            roots[node] = node;
            for (int i = 0; i < graph.inputs(node).size(); i++) {
                if (!cutEdges.contains(List.of(node, i))) {
                    unite(node, graph.inputs(node).get(i));
                }
            }
        }
        exchanges.values().forEach(same -> same.forEach(cut -> unite(same.get(0).to(), cut.to())));
    }

    /** Empty if exchanges would lead in a circle. */
    static Optional<Fragments> of(Graph graph, List<Cut> cuts, IntUnaryOperator level) {
        Fragments fragments = new Fragments(graph, cuts, level);
        return fragments.sort() ? Optional.of(fragments) : Optional.empty();
    }

    /** Exchanges in the order of the fragments they enter. */
    List<Exchange> exchanges() {
        List<Exchange> result = new ArrayList<>();
        Map<String, Integer> ordinals = new HashMap<>();
        exchanges.forEach((same, cuts) -> {
            String base = "exchange." + graph.id(same.from());
            int ordinal = ordinals.merge(base, 1, Integer::sum);
            result.add(exchange(same, cuts, ordinal == 1 ? base : base + "-" + ordinal));
        });
        result.sort((a, b) -> Integer.compare(a.toFragment(), b.toFragment()));
        return result;
    }

    List<Fragment> fragments(List<Exchange> all) {
        Map<Integer, List<Integer>> members = new TreeMap<>();
        for (int node = 0; node < graph.size(); node++) {
            members.computeIfAbsent(fragment(node), index -> new ArrayList<>()).add(node);
        }
        List<Fragment> result = new ArrayList<>();
        members.forEach((index, nodes) -> result.add(new Fragment(
                index,
                nodes.stream().map(graph::node).toList(),
                all.stream()
                        .filter(e -> e.toFragment() == index)
                        .map(Exchange::id)
                        .toList(),
                all.stream()
                        .filter(e -> e.fromFragment() == index)
                        .map(Exchange::id)
                        .toList())));
        return result;
    }

    private Exchange exchange(Same same, List<Cut> cuts, String id) {
        Set<String> toNodes = new LinkedHashSet<>();
        Set<String> reasons = new LinkedHashSet<>();
        for (Cut cut : cuts) {
            toNodes.add(graph.id(cut.to()));
            reasons.add(cut.reason());
        }
        return new Exchange(
                id,
                graph.id(same.from()),
                List.copyOf(toNodes),
                fragment(same.from()),
                fragment(cuts.get(0).to()),
                same.target().partitions(),
                same.target().keys(),
                graph.node(same.from()).operation() instanceof Operation.TableGroupBy,
                String.join("; ", reasons));
    }

    private int fragment(int node) {
        Integer index = order.get(root(node));
        if (index == null) {
            throw new IllegalStateException("fragments are not in order yet");
        }
        return index;
    }

    /** Gives fragments their indexes: of those all of whose predecessors have one, the one written first is next. */
    private boolean sort() {
        Map<Integer, Set<Integer>> predecessors = new TreeMap<>();
        for (int node = 0; node < graph.size(); node++) {
            predecessors.computeIfAbsent(root(node), root -> new TreeSet<>());
        }
        for (List<Cut> same : exchanges.values()) {
            predecessors
                    .computeIfAbsent(root(same.get(0).to()), root -> new TreeSet<>())
                    .add(root(same.get(0).from()));
        }
        while (order.size() < predecessors.size()) {
            Optional<Integer> next = predecessors.entrySet().stream()
                    .filter(e ->
                            !order.containsKey(e.getKey()) && order.keySet().containsAll(e.getValue()))
                    .map(Map.Entry::getKey)
                    .findFirst();
            if (next.isEmpty()) {
                return false;
            }
            order.put(next.get(), order.size());
        }
        return true;
    }

    /** The smallest node of a fragment stands for it. */
    private int root(int node) {
        int root = node;
        while (roots[root] != root) {
            root = roots[root];
        }
        return root;
    }

    private void unite(int a, int b) {
        int rootA = root(a);
        int rootB = root(b);
        roots[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    }
}
