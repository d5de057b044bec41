package io.millrace.coordinator.assign;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One way of giving each partition that somebody reads to exactly one of those who read it. Stateless. */
public interface Assignor {

    /** As clients ask for it, such as {@code uniform}. */
    String name();

    /**
     * What each of them is to have, by member id. The same arguments have the same result.
     *
     * @param partitionCounts of every topic that somebody reads
     */
    Map<String, Partitions> assign(List<Subscriber> subscribers, Map<UUID, Integer> partitionCounts);
}
