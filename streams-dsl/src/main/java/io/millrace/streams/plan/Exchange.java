package io.millrace.streams.plan;

import io.millrace.streams.codec.Codec;
import org.jspecify.annotations.Nullable;

/**
 * A place where records change shard, because their key changed.
 *
 * @param id stable, derived from the node it follows
 * @param fromNode id of the node whose output it carries
 * @param fromFragment index of the fragment it leaves
 * @param toFragment index of the fragment it enters; larger than {@code fromFragment}
 * @param keys codec whose bytes choose the shard, null for the canonical bytes of whatever type the key has
 * @param carriesChanges whether a table's changes travel, of which old and new row may go to different shards
 * @param reason a sentence for people: which operator needs it and which changed the key
 */
public record Exchange(
        String id,
        String fromNode,
        int fromFragment,
        int toFragment,
        @Nullable Codec<?> keys,
        boolean carriesChanges,
        String reason) {}
