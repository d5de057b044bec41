package io.millrace.server.command;

import io.millrace.client.IsolationLevel;
import io.millrace.client.TopicPartition;
import io.millrace.server.client.ClusterClient;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where a group is moved. */
sealed interface GroupMove {

    /** To the same place in every partition. */
    record To(Place place) implements GroupMove {}

    /** @param offsets forward, back if negative */
    record By(long offsets) implements GroupMove {}

    /** Within each partition; what would lie outside is moved to its nearer end, as Kafka's tool does. */
    default Map<TopicPartition, Long> offsets(
            ClusterClient cluster, Collection<TopicPartition> partitions, Map<TopicPartition, Long> from) {
        Places places = new Places(cluster, IsolationLevel.READ_UNCOMMITTED);
        if (this instanceof To to) {
            return places.find(partitions, to.place());
        }
        long by = ((By) this).offsets();
        Map<TopicPartition, Long> first = places.beginnings(partitions);
        Map<TopicPartition, Long> last = places.ends(partitions);
        Map<TopicPartition, Long> moved = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            Long position = from.get(partition);
            if (position == null) {
                throw new CommandRefused(
                        "the group has no position in " + partition + " from which it could be shifted.");
            }
            long begin = first.getOrDefault(partition, 0L);
            long end = last.getOrDefault(partition, begin);
            moved.put(partition, Math.max(begin, Math.min(end, position + by)));
        }
        return moved;
    }

    /** Those that are named as {@code orders} or {@code orders:0,1}, else those in which the group has a position. */
    static Collection<TopicPartition> partitions(
            ClusterClient cluster, String group, Map<TopicPartition, Long> from, @Nullable List<String> topics) {
        Collection<TopicPartition> chosen = new TreeSet<>();
        if (topics == null) {
            chosen.addAll(from.keySet());
            if (chosen.isEmpty()) {
                throw new CommandRefused("group " + group + " has no positions; name a topic with --topic.");
            }
            return chosen;
        }
        for (String text : topics) {
            int colon = text.indexOf(':');
            List<TopicPartition> all =
                    TopicsCommand.partitions(cluster.topic(colon < 0 ? text : text.substring(0, colon)));
            if (colon < 0) {
                chosen.addAll(all);
                continue;
            }
            for (String number : text.substring(colon + 1).split(",")) {
                if (!number.matches("\\d{1,9}") || Integer.parseInt(number) >= all.size()) {
                    throw new CommandRefused("--topic " + text + " names partition '" + number + "'; there are 0 to "
                            + (all.size() - 1) + ".");
                }
                chosen.add(all.get(Integer.parseInt(number)));
            }
        }
        return chosen;
    }
}
