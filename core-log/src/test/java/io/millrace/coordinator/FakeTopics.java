package io.millrace.coordinator;

import io.millrace.client.TopicDescription;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Topics with so many partitions each, by name; the id of a topic comes from its name. */
final class FakeTopics implements TopicView {

    private final SortedMap<String, TopicDescription> byName = new TreeMap<>();

    FakeTopics(Map<String, Integer> partitionCounts) {
        partitionCounts.forEach(
                (name, count) -> byName.put(name, new TopicDescription(name, id(name), count, Map.of(), false)));
    }

    static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** With one more, or with another number of partitions; without it if there are none. */
    FakeTopics with(String name, int partitionCount) {
        Map<String, Integer> counts = new HashMap<>();
        byName.forEach((known, topic) -> counts.put(known, topic.partitionCount()));
        if (partitionCount == 0) {
            counts.remove(name);
        } else {
            counts.put(name, partitionCount);
        }
        return new FakeTopics(counts);
    }

    @Override
    public @Nullable TopicDescription named(String name) {
        return byName.get(name);
    }

    @Override
    public @Nullable TopicDescription withId(UUID id) {
        return byName.values().stream()
                .filter(topic -> topic.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Collection<TopicDescription> all() {
        return byName.values();
    }
}
