package io.millrace.streams.plan;

import java.util.List;

/**
 * How a topology runs.
 *
 * @param job name of the job: its group, its transactional id and its changelog are named after it
 * @param shardCount largest partition count of its sources, unless a repartition says otherwise
 * @param fragments in order: exchanges lead from smaller to larger indexes
 * @param exchanges all of them; identical ones are merged
 * @param stores ids of the nodes with state, with their kind, for the comparison with the plan that ran last
 */
public record Plan(
        String job, int shardCount, List<Fragment> fragments, List<Exchange> exchanges, List<PlannedStore> stores) {

    public Plan {
        fragments = List.copyOf(fragments);
        exchanges = List.copyOf(exchanges);
        stores = List.copyOf(stores);
    }

    /**
     * A store as the plan knows it.
     *
     * @param name stable
     * @param kind what it is, with what must not change between runs, such as {@code window(10000)} or a key codec's name
     */
    public record PlannedStore(String name, String kind) {}
}
