package io.millrace.coordinator;

import org.jspecify.annotations.Nullable;

/**
 * Who commits positions.
 *
 * @param member its id, empty for a consumer that does not use groups to share work
 * @param instance its {@code group.instance.id} if it is a static member
 * @param generation it believes in, -1 for a consumer that does not use groups to share work
 */
public record Committer(String member, @Nullable String instance, int generation) {

    /** Somebody outside of the group: a tool, or a consumer with partitions of its own choice. */
    public static final Committer OUTSIDER = new Committer("", null, -1);

    /** It does not claim to be in the group. */
    boolean isOutsider() {
        return generation < 0 && member.isEmpty() && instance == null;
    }
}
