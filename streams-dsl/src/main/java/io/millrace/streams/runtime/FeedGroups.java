package io.millrace.streams.runtime;

import io.millrace.streams.plan.Exchange;
import io.millrace.streams.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Says which inputs must be put into one order. Pure.
 *
 * <p>Those of a task, always. And where a fragment has several inputs of which one at least is an exchange, all inputs of the
 * fragment and of everything upstream of it: its tasks hold records back for their order ({@link HeldRecords}), which needs
 * little room and has an end only if what is upstream is read in that order too.
 */
final class FeedGroups {

    private FeedGroups() {}

    static List<TaskFeed> of(Plan plan, List<InputReader> readers) {
        int[] groups = groupOfFragment(plan, readers);
        TreeMap<Long, List<InputReader>> feeds = new TreeMap<>();
        for (InputReader reader : readers) {
            int fragment = reader.input.fragment();
            long feed = groups[fragment] >= 0
                    ? -1L - groups[fragment]
                    : ((long) fragment << Integer.SIZE) + reader.input.shard();
            feeds.computeIfAbsent(feed, id -> new ArrayList<>()).add(reader);
        }
        List<TaskFeed> all = new ArrayList<>();
        for (List<InputReader> inputs : feeds.values()) {
            inputs.sort(Comparator.comparingInt((InputReader reader) -> reader.input.partition())
                    .thenComparingInt(reader -> reader.input.fragment())
                    .thenComparingInt(reader -> reader.input.index()));
            all.add(new TaskFeed(inputs));
        }
        return all;
    }

    /** The smallest fragment of each fragment's group, -1 for one whose tasks stand alone. */
    private static int[] groupOfFragment(Plan plan, List<InputReader> readers) {
        int count = plan.fragments().size();
        boolean[] reads = new boolean[count];
        readers.forEach(reader -> reads[reader.input.fragment()] = true);
        int[] group = new int[count];
        for (int fragment = 0; fragment < count; fragment++) {
            group[fragment] = fragment;
        }
        boolean[] grouped = new boolean[count];
        for (int fragment = 0; fragment < count; fragment++) {
            boolean[] upstream = upstreamOf(plan, fragment);
            boolean meets = meet(plan, fragment, reads[fragment]);
            for (int other = 0; other < count; other++) {
                if (meets && upstream[other]) {
                    join(group, fragment, other);
                    grouped[fragment] = true;
                    grouped[other] = true;
                }
            }
        }
        for (int fragment = 0; fragment < count; fragment++) {
            group[fragment] = grouped[fragment] ? group[fragment] : -1;
        }
        return group;
    }

    /** Whether several inputs of which one at least is an exchange meet in a fragment. */
    static boolean meet(Plan plan, int fragment, boolean readsItself) {
        long exchanges = plan.exchanges().stream()
                .filter(exchange -> exchange.toFragment() == fragment)
                .count();
        return exchanges > 0 && exchanges + (readsItself ? 1 : 0) > 1;
    }

    private static void join(int[] group, int left, int right) {
        int from = Math.max(group[left], group[right]);
        int to = Math.min(group[left], group[right]);
        for (int i = 0; i < group.length; i++) {
            if (group[i] == from) {
                group[i] = to;
            }
        }
    }

    private static boolean[] upstreamOf(Plan plan, int fragment) {
        boolean[] upstream = new boolean[plan.fragments().size()];
        boolean[] reached = new boolean[plan.fragments().size()];
        reached[fragment] = true;
        // Exchanges lead to larger indexes only, so going down once sees all of them.
        for (int to = fragment; to >= 0; to--) {
            for (Exchange exchange : plan.exchanges()) {
                if (reached[to] && exchange.toFragment() == to) {
                    reached[exchange.fromFragment()] = true;
                    upstream[exchange.fromFragment()] = true;
                }
            }
        }
        return upstream;
    }
}
