package io.millrace.coordinator;

import org.jspecify.annotations.Nullable;

/**
 * Who commits positions.
 *
 * @param member its id, empty for a consumer that does not use groups to share work
 * @param instance its {@code group.instance.id} if it is a static member
 * @param generation it believes in, or its epoch; -1 for a consumer that does not use groups to share work
 * @param knowsEpochs whether it can be told that its epoch is stale (OffsetCommit 9 and later)
 */
public record Committer(String member, @Nullable String instance, int generation, boolean knowsEpochs) {

    /** One that knows member epochs. */
    public Committer(String member, @Nullable String instance, int generation) {
        this(member, instance, generation, true);
    }

    /** Somebody outside of the group: a tool, or a consumer with partitions of its own choice. */
    public static final Committer OUTSIDER = new Committer("", null, -1);

    /** It does not claim to be in the group. */
    boolean isOutsider() {
        return generation < 0 && member.isEmpty() && instance == null;
    }
}
