package io.millrace.streams.topology;

import io.millrace.streams.ErrorPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operator of a topology.
 *
 * @param id stable: derived from kind, parents, sibling ordinal and user name, so that inserting a stateless operator never
 *     renames a store
 * @param inputs ids of the nodes it reads, in order (left before right)
 * @param operation what it does
 * @param errorPolicy its own, null for the job's
 * @param lateTo where late records go, null for nowhere
 */
public record Node(
        String id,
        List<String> inputs,
        Operation operation,
        @Nullable ErrorPolicy errorPolicy,
        @Nullable LateTopic lateTo) {

    public Node {
        inputs = List.copyOf(inputs);
    }
}
