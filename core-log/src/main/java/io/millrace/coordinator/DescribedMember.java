package io.millrace.coordinator;

import org.jspecify.annotations.Nullable;

/**
 * A member of a group as it is shown.
 *
 * @param instance its {@code group.instance.id} if it is a static member
 * @param metadata what it joined with; empty unless the group is stable
 * @param assignment what it was given
 */
public record DescribedMember(
        String id, @Nullable String instance, String clientId, String clientHost, byte[] metadata, byte[] assignment) {}
