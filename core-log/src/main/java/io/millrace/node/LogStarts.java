package io.millrace.node;

import io.millrace.client.TopicPartition;
import io.millrace.log.LogStorage;
import io.millrace.log.OffsetCheckpoint;
import java.util.HashMap;
import java.util.Map;

/**
 * Where logs begin for readers after records were deleted on request: Kafka's {@code log-start-offset-checkpoint}. Owned by
 * the log agent, which alone writes it.
 *
 * <p>The file knows topics by name only; so before a name is used again, what is said of it is taken out.
 */
final class LogStarts {

    private final LogStorage storage;
    private Map<TopicPartition, Long> written;

    LogStarts(LogStorage storage) {
        this.storage = storage;
        this.written = Checkpoints.offsets(storage, OffsetCheckpoint.LOG_STARTS);
    }

    long of(TopicPartition partition) {
        return written.getOrDefault(partition, 0L);
    }

    /** Takes what the logs say now; durable when this returns. */
    void write(PartitionTable partitions) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (Partition partition : partitions.all()) {
            if (partition.logStartOffset() > 0) {
                starts.put(partition.id(), partition.logStartOffset());
            }
        }
        replace(starts);
    }

    /** A topic of this name is about to be made: nothing said of an earlier one may hold for it. */
    void forget(String topic) {
        Map<TopicPartition, Long> others = new HashMap<>(written);
        if (others.keySet().removeIf(partition -> partition.topic().equals(topic))) {
            replace(others);
        }
    }

    private void replace(Map<TopicPartition, Long> starts) {
        if (!starts.equals(written)) {
            OffsetCheckpoint.write(storage, OffsetCheckpoint.LOG_STARTS, starts);
            written = starts;
        }
    }
}
