package io.millrace.node;

import io.millrace.client.TopicDescription;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a node knows beside its logs: topics, the leader epoch of this life, and which producer ids are used up.
 * Immutable; each change is a new image that is written whole before it counts.
 *
 * @param leaderEpoch of every partition this node leads; bumped at each start, so that no two lives share one (R2)
 * @param nextProducerId no producer id at or above it was ever handed out
 * @param topics by name
 * @param settings what clients have set beside the configurations of topics
 */
record MetadataImage(
        int leaderEpoch, long nextProducerId, Map<String, TopicDescription> topics, SettingsImage settings) {

    static final MetadataImage EMPTY = new MetadataImage(-1, 0, Map.of(), SettingsImage.EMPTY);

    MetadataImage {
        topics = Collections.unmodifiableMap(new TreeMap<>(topics));
    }

    @Nullable
    TopicDescription topic(String name) {
        return topics.get(name);
    }

    MetadataImage withLeaderEpoch(int epoch) {
        return new MetadataImage(epoch, nextProducerId, topics, settings);
    }

    MetadataImage withNextProducerId(long next) {
        return new MetadataImage(leaderEpoch, next, topics, settings);
    }

    MetadataImage withSettings(SettingsImage changed) {
        return new MetadataImage(leaderEpoch, nextProducerId, topics, changed);
    }

    MetadataImage with(TopicDescription topic) {
        return with(List.of(topic));
    }

    MetadataImage with(Collection<TopicDescription> added) {
        Map<String, TopicDescription> changed = new TreeMap<>(topics);
        added.forEach(topic -> changed.put(topic.name(), topic));
        return new MetadataImage(leaderEpoch, nextProducerId, changed, settings);
    }

    MetadataImage without(String topic) {
        Map<String, TopicDescription> changed = new TreeMap<>(topics);
        changed.remove(topic);
        return new MetadataImage(leaderEpoch, nextProducerId, changed, settings);
    }
}
