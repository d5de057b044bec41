package io.millrace.server.command;

import io.millrace.client.IsolationLevel;
import io.millrace.client.TopicPartition;
import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.PartitionOffsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Turns places into offsets of partitions. */
final class Places {

    private final PartitionOffsets offsets;
    private final IsolationLevel isolation;

    Places(ClusterClient cluster, IsolationLevel isolation) {
        this.offsets = new PartitionOffsets(cluster);
        this.isolation = isolation;
    }

    /** Offsets behind the last records. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        return offsets.find(partitions, PartitionOffsets.LATEST, isolation);
    }

    Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
        return offsets.find(partitions, PartitionOffsets.EARLIEST, isolation);
    }

    /** One place in several partitions; what lies outside of a partition is moved to its nearer end. */
    Map<TopicPartition, Long> find(Collection<TopicPartition> partitions, Place place) {
        Map<TopicPartition, Long> first = beginnings(partitions);
        Map<TopicPartition, Long> last = ends(partitions);
        Map<TopicPartition, Long> timed =
                place instanceof Place.Time time ? offsets.find(partitions, time.timestampMs(), isolation) : Map.of();
        Map<TopicPartition, Long> found = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            long begin = first.getOrDefault(partition, 0L);
            long end = last.getOrDefault(partition, begin);
            long wanted;
            if (place instanceof Place.Beginning) {
                wanted = begin;
            } else if (place instanceof Place.Offset offset) {
                wanted = offset.offset();
            } else if (place instanceof Place.BeforeEnd before) {
                wanted = end - before.count();
            } else if (place instanceof Place.Time) {
                long at = timed.getOrDefault(partition, PartitionOffsets.NONE);
                wanted = at == PartitionOffsets.NONE ? end : at;
            } else {
                wanted = end;
            }
            found.put(partition, Math.max(begin, Math.min(end, wanted)));
        }
        return found;
    }
}
