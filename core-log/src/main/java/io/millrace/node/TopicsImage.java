package io.millrace.node;

import io.millrace.client.TopicDescription;
import io.millrace.coordinator.TopicView;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The topics of a node at one moment. Immutable, for any thread. */
public final class TopicsImage implements TopicView {

    static final TopicsImage EMPTY = new TopicsImage(new TreeMap<>(), Map.of());

    private final SortedMap<String, TopicDescription> byName;
    private final Map<UUID, TopicDescription> byId;

    private TopicsImage(SortedMap<String, TopicDescription> byName, Map<UUID, TopicDescription> byId) {
        this.byName = byName;
        this.byId = byId;
    }

    static TopicsImage of(Collection<TopicDescription> topics) {
        SortedMap<String, TopicDescription> names = new TreeMap<>();
        Map<UUID, TopicDescription> ids = new HashMap<>();
        topics.forEach(topic -> {
            names.put(topic.name(), topic);
            ids.put(topic.id(), topic);
        });
        return new TopicsImage(names, ids);
    }

    /** Why no topic can have this name, by Kafka's rules; empty if one can. */
    public static Optional<String> problemOfName(String name) {
        return TopicNames.problem(name);
    }

    @Override
    public @Nullable TopicDescription named(String name) {
        return byName.get(name);
    }

    @Override
    public @Nullable TopicDescription withId(UUID id) {
        return byId.get(id);
    }

    @Override
    public Collection<TopicDescription> all() {
        return Collections.unmodifiableCollection(byName.values());
    }
}
