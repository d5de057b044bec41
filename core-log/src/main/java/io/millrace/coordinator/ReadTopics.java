package io.millrace.coordinator;

import io.millrace.client.TopicDescription;
import io.millrace.coordinator.assign.Partitions;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;

/** Names of topics that members read, looked up. Stateless. */
final class ReadTopics {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private ReadTopics() {}

    /** Ids of those that exist. */
    static Set<UUID> ids(Set<String> names, TopicView topics) {
        Set<UUID> ids = new HashSet<>();
        for (String name : names) {
            TopicDescription topic = topics.named(name);
            if (topic != null) {
                ids.add(topic.id());
            }
        }
        return ids;
    }

    /** With ids instead of names; topics that do not exist are left out. */
    static Partitions withIds(SortedMap<String, SortedSet<Integer>> byName, TopicView topics) {
        SortedMap<UUID, SortedSet<Integer>> byId = new TreeMap<>();
        byName.forEach((name, partitions) -> {
            TopicDescription topic = topics.named(name);
            if (topic != null) {
                byId.put(topic.id(), partitions);
            }
        });
        return new Partitions(byId);
    }

    /** With names instead of ids; topics that do not exist are left out. */
    static SortedMap<String, SortedSet<Integer>> withNames(Partitions partitions, TopicView topics) {
        SortedMap<String, SortedSet<Integer>> byName = new TreeMap<>();
        partitions.byTopic().forEach((id, ofTopic) -> {
            TopicDescription topic = topics.withId(id);
            if (topic != null) {
                byName.put(topic.name(), ofTopic);
            }
        });
        return byName;
    }

    /**
     * Another number if one of the topics has come, gone, come again, or has more partitions; 0 if none of them exists. It is
     * compared with what this method said before, and with nothing else: Kafka computes another one, and assigns anew when it
     * takes over a group of ours, as we do with a group of Kafka's.
     */
    static long hash(SortedSet<String> names, TopicView topics) {
        long hash = FNV_OFFSET;
        boolean any = false;
        for (String name : names) {
            TopicDescription topic = topics.named(name);
            if (topic != null) {
                any = true;
                String fact = topic.id() + "/" + topic.partitionCount() + "/" + name + "\n";
                for (byte b : fact.getBytes(StandardCharsets.UTF_8)) {
                    hash = (hash ^ (b & 0xff)) * FNV_PRIME;
                }
            }
        }
        return any ? hash : 0;
    }
}
