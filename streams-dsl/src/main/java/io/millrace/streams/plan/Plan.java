package io.millrace.streams.plan;

import io.millrace.streams.codec.Codec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a topology runs.
 *
 * @param job name of the job: its group, its transactional id and its changelog are named after it
 * @param shardCount largest partition count of its sources and repartitions, at least 1
 * @param fragments in order: exchanges lead from smaller to larger indexes
 * @param exchanges all of them, by the fragment they enter; identical ones are merged
 * @param stores the nodes with state, for the comparison with the plan that ran last and to find the shard of a key
 * @param copies ids of the tables that the planner has added, each with the id of the table it repeats in another fragment
 */
public record Plan(
        String job,
        int shardCount,
        List<Fragment> fragments,
        List<Exchange> exchanges,
        List<PlannedStore> stores,
        Map<String, String> copies) {

    /** Ends the kind of a table whose rows somebody looks up; others only pass their updates on and have no state. */
    static final String WITH_ROWS = " with rows";

    /** Kind of a store with the rows of another table, which it gets as they are updated. */
    static String copyKind(String table) {
        return "copy(" + table + ")";
    }

    /** What the name of an aggregate's store of held updates ends with. */
    public static final String HELD = "/held";

    /** Kind of the store of updates that an aggregate holds back. */
    public static final String HELD_KIND = "held";

    public Plan {
        fragments = List.copyOf(fragments);
        exchanges = List.copyOf(exchanges);
        stores = List.copyOf(stores);
        copies = Map.copyOf(copies);
    }

    /** As text: fragments with their operators, exchanges with their reasons, stores. The same plan gives the same text. */
    public String describe() {
        return PlanText.describe(this);
    }

    /** As {@link #describe()}, with the rings and stages of the lanes that run it. */
    public String describe(LaneLayout layout) {
        return PlanText.describe(this, layout);
    }

    /** As a graph in the DOT language. */
    public String dot() {
        return PlanText.dot(this);
    }

    /**
     * A node with state.
     *
     * @param name the node's id, stable; with {@link #HELD} behind it for the updates that the node holds back
     * @param kind what it is, with what must not change between runs, such as {@code window(10000,10000)}
     * @param keys codec whose bytes chose the shard of a key, null for canonical bytes
     * @param partitions over how many shards the keys are spread
     * @param accumulator class of what an aggregate begins with; empty if there is none
     */
    public record PlannedStore(
            String name, String kind, @Nullable Codec<?> keys, int partitions, String accumulator) {

        /** Name of the codec of keys. */
        public String keysName() {
            return keys == null ? "canonical" : keys.name();
        }
    }
}
