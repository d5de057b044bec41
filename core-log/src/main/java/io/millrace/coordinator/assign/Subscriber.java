package io.millrace.coordinator.assign;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group as an {@link Assignor} sees it.
 *
 * @param instance its {@code group.instance.id} if it is a static member
 * @param topics that it reads; all of them exist
 * @param present what it was to have until now
 */
public record Subscriber(String id, @Nullable String instance, Set<UUID> topics, Partitions present) {

    public Subscriber {
        topics = Set.copyOf(topics);
    }
}
