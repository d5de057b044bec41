package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Resolution;
import io.millrace.coordinator.TransactionVersion;
import io.millrace.log.AppendOutcome;
import io.millrace.log.WriteOutcome;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Markers that an operator asks for. The coordinator does not hear of them: it may not know the transaction at all. */
final class WriteMarkers extends Work {

    /** About how much a marker takes, with its batch. */
    private static final int MARKER_BYTES = 80;

    private final Resolution resolution;
    private final int coordinatorEpoch;
    private final Pending<Map<TopicPartition, ErrorCode>> pending;
    private final Map<TopicPartition, ErrorCode> errors = new LinkedHashMap<>();

    /** Where the markers stand. */
    private final Map<TopicPartition, Long> offsets = new HashMap<>();

    private boolean answered;

    WriteMarkers(
            ProducerIdentity producer,
            boolean commit,
            int coordinatorEpoch,
            TransactionVersion version,
            List<TopicPartition> partitions,
            Pending<Map<TopicPartition, ErrorCode>> pending) {
        this.resolution = new Resolution(
                "",
                producer.producerId(),
                producer.epoch(),
                version,
                commit,
                List.copyOf(new LinkedHashSet<>(partitions)),
                producer);
        this.coordinatorEpoch = coordinatorEpoch;
        this.pending = pending;
    }

    @Override
    int sizeInBytes() {
        return resolution.partitions().size() * MARKER_BYTES;
    }

    /** A coordinator of an epoch that has not begun would fence the one that there is: every later marker of it. */
    @Override
    void append(LogOwner log) {
        if (coordinatorEpoch > log.topics().image().leaderEpoch()) {
            resolution.partitions().forEach(id -> errors.put(id, ErrorCode.TRANSACTION_COORDINATOR_FENCED));
            return;
        }
        for (TopicPartition id : resolution.partitions()) {
            Partition partition = log.partitions().find(id);
            if (partition == null) {
                errors.put(id, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
                continue;
            }
            AppendOutcome outcome = log.appendMarker(partition, resolution, coordinatorEpoch);
            if (outcome instanceof AppendOutcome.Rejected rejected) {
                errors.put(id, rejected.error());
            } else {
                errors.put(id, ErrorCode.NONE);
                offsets.put(id, outcome instanceof AppendOutcome.Appended taken ? taken.baseOffset() : -1L);
                touch(partition);
            }
        }
    }

    @Override
    void written(LogOwner log) {
        for (Partition partition : touched()) {
            WriteOutcome.NotWritten failure = partition.failureOf(Long.MAX_VALUE);
            if (failure != null) {
                errors.put(partition.id(), failure.error());
            }
        }
    }

    @Override
    void acknowledge(LogOwner log) {
        errors.forEach((id, error) -> {
            if (error == ErrorCode.NONE) {
                log.groups()
                        .endTransaction(
                                id, resolution.producerId(), resolution.commit(), offsets.getOrDefault(id, -1L));
            }
        });
        if (!answered) {
            answered = true;
            pending.succeed(errors);
        }
    }

    @Override
    void fail(ErrorCode error, String message) {
        if (!answered) {
            answered = true;
            touchNothing();
            pending.fail(error, message);
        }
    }
}
