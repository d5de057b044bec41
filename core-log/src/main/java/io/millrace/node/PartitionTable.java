package io.millrace.node;

import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The partitions of this node. Owned by the log agent; {@link #routes} is what other threads see. */
final class PartitionTable {

    /** A topic as readers find it. */
    record Route(TopicDescription topic, PartitionHandle[] partitions) {
        @Nullable
        PartitionHandle partition(int index) {
            return index >= 0 && index < partitions.length ? partitions[index] : null;
        }
    }

    private final TreeMap<TopicPartition, Partition> partitions = new TreeMap<>();
    private final Map<String, Route> byTopic = new HashMap<>();
    private volatile Map<String, Route> routes = Map.of();
    private volatile TopicsImage image = TopicsImage.EMPTY;

    @Nullable
    Partition find(TopicPartition id) {
        return partitions.get(id);
    }

    Collection<Partition> all() {
        return Collections.unmodifiableCollection(partitions.values());
    }

    /** This partition and all behind it, in order. */
    Collection<Partition> from(TopicPartition id) {
        return Collections.unmodifiableCollection(partitions.tailMap(id).values());
    }

    /** Adds the partition; readers find it after {@link #publish}. */
    void add(Partition partition) {
        partitions.put(partition.id(), partition);
    }

    /** Shows readers this state of a topic. */
    void route(TopicDescription topic) {
        PartitionHandle[] handles = new PartitionHandle[topic.partitionCount()];
        for (int i = 0; i < handles.length; i++) {
            TopicPartition id = new TopicPartition(topic.name(), i);
            handles[i] =
                    Objects.requireNonNull(partitions.get(id), id::toString).handle();
        }
        byTopic.put(topic.name(), new Route(topic, handles));
    }

    void remove(TopicDescription topic) {
        byTopic.remove(topic.name());
        for (int i = 0; i < topic.partitionCount(); i++) {
            partitions.remove(new TopicPartition(topic.name(), i));
        }
    }

    /** Makes all changes of routes visible to other threads. */
    void publish() {
        routes = Map.copyOf(byTopic);
        image = TopicsImage.of(routes.values().stream().map(Route::topic).toList());
    }

    /** Any thread: the topics as last published. */
    TopicsImage image() {
        return image;
    }

    /** Any thread: topics by name, as last published. */
    Map<String, Route> routes() {
        return routes;
    }

    /** Any thread. */
    @Nullable
    PartitionHandle handle(TopicPartition id) {
        Route route = routes.get(id.topic());
        return route == null ? null : route.partition(id.partition());
    }
}
