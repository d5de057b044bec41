package io.millrace.streams.plan;

import io.millrace.streams.topology.Node;
import java.util.List;

/**
 * The operators between exchanges, which run as one chain of direct calls in every shard.
 *
 * @param index position in the plan; a fragment only feeds fragments of larger index, so the largest is the deepest
 * @param nodes in topological order; its sources are the ReadTopic, ReadTable and ReadSource nodes among them
 * @param exchangesIn ids of the exchanges that feed it
 * @param exchangesOut ids of the exchanges it feeds
 */
public record Fragment(int index, List<Node> nodes, List<String> exchangesIn, List<String> exchangesOut) {

    public Fragment {
        nodes = List.copyOf(nodes);
        exchangesIn = List.copyOf(exchangesIn);
        exchangesOut = List.copyOf(exchangesOut);
    }
}
