package io.millrace.streams.runtime;

import io.millrace.client.TopicPartition;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far into each input partition the committed state reaches: everything below these offsets has had its effect. Owned by
 * the I/O agent.
 */
final class CommittedReads {

    private final Map<TopicPartition, Long> committed;
    private Map<TopicPartition, Long> deciding = Map.of();

    /** @param start offsets at which this attempt began to read; what lies below is committed or was never wanted */
    CommittedReads(Map<TopicPartition, Long> start) {
        committed = new TreeMap<>(start);
    }

    /** An epoch ends with these positions. */
    void ending(PositionsOfEpoch moved) {
        deciding = moved.topics();
    }

    /** The epoch that ended last is decided. */
    void decided() {
        committed.putAll(deciding);
        deciding = Map.of();
    }

    /** @throws IllegalArgumentException if the job does not read the partition */
    void requireRead(TopicPartition partition) {
        if (!committed.containsKey(partition)) {
            throw new IllegalArgumentException("the job does not read " + partition
                    + ", so it will never show what is written there; it reads " + committed.keySet());
        }
    }

    /** Whether the effects of all these records (offset by partition) are committed. */
    boolean cover(Map<TopicPartition, Long> records) {
        return cover(committed, records);
    }

    /** Whether these positions lie behind all these records. */
    static boolean cover(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> records) {
        for (Map.Entry<TopicPartition, Long> record : records.entrySet()) {
            if (positions.getOrDefault(record.getKey(), 0L) <= record.getValue()) {
                return false;
            }
        }
        return true;
    }
}
