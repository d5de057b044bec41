package io.millrace.streams.plan;

import io.millrace.streams.codec.Codec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place where records change shard, because their key changed.
 *
 * @param id stable, derived from the node it follows
 * @param fromNode id of the node whose output it carries
 * @param toNodes ids of the nodes it feeds, all in one fragment: each of their inputs that names {@code fromNode}
 * @param fromFragment index of the fragment it leaves
 * @param toFragment index of the fragment it enters; larger than {@code fromFragment}
 * @param partitions over how many shards it spreads, at most the shard count; fewer where it meets a smaller topic
 * @param keys codec whose bytes choose the shard, null for the canonical bytes of whatever type the key has
 * @param carriesChanges whether a table's changes travel, of which old and new row may go to different shards
 * @param reason a sentence for people: which operator needs it and which changed the key
 */
public record Exchange(
        String id,
        String fromNode,
        List<String> toNodes,
        int fromFragment,
        int toFragment,
        int partitions,
        @Nullable Codec<?> keys,
        boolean carriesChanges,
        String reason) {

    public Exchange {
        toNodes = List.copyOf(toNodes);
    }
}
