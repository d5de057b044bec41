package io.millrace.server.command;

import io.millrace.client.IsolationLevel;
import io.millrace.client.TopicPartition;
import io.millrace.server.client.ClientException;
import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.GroupOffsets;
import io.millrace.server.client.RecordReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far a group is behind, in records and in time. */
final class GroupLag {

    private static final Duration WAIT = Duration.ofMillis(100);

    /**
     * One partition.
     *
     * @param position null if the group has none there
     * @param end behind the last committed record
     * @param lag null without a position
     * @param behind age of the oldest record that was not read; null if nothing was read, zero if all was
     */
    record Row(
            TopicPartition partition,
            @Nullable Long position,
            long end,
            @Nullable Long lag,
            @Nullable Duration behind) {}

    private final ClusterClient cluster;
    private final String group;
    private final Instant now;

    GroupLag(ClusterClient cluster, String group, Instant now) {
        this.cluster = cluster;
        this.group = group;
        this.now = now;
    }

    /** Of the partitions with a position and of those that a member has. */
    List<Row> rows(Map<TopicPartition, GroupView.Member> owners) {
        Map<TopicPartition, Long> committed = new GroupOffsets(cluster, group).committed();
        Map<TopicPartition, Boolean> all = new TreeMap<>();
        committed.keySet().forEach(one -> all.put(one, true));
        owners.keySet().forEach(one -> all.put(one, true));
        all.keySet().removeIf(one -> cluster.find(one.topic()).isEmpty()); // deleted, the position stays a while
        Map<TopicPartition, Long> ends = new Places(cluster, IsolationLevel.READ_COMMITTED).ends(all.keySet());
        List<Row> rows = new ArrayList<>();
        ends.forEach((partition, end) -> {
            Long position = committed.get(partition);
            if (position == null) {
                rows.add(new Row(partition, null, end, null, null));
            } else {
                long lag = Math.max(0, end - position);
                rows.add(new Row(partition, position, end, lag, lag == 0 ? Duration.ZERO : age(partition, position)));
            }
        });
        return rows;
    }

    /** Null if the record cannot be had, as it was deleted or has no timestamp. */
    private @Nullable Duration age(TopicPartition partition, long position) {
        List<Long> times = new ArrayList<>();
        try {
            new RecordReader(cluster, IsolationLevel.READ_COMMITTED, Map.of(partition, position)).read(WAIT, record -> {
                times.add(record.timestampMs());
                return false;
            });
        } catch (ClientException e) {
            return null;
        }
        boolean isUnknown = times.isEmpty() || times.get(0) < 0;
        return isUnknown ? null : Duration.ofMillis(Math.max(0, now.toEpochMilli() - times.get(0)));
    }
}
