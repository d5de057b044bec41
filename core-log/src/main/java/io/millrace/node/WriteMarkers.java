package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Resolution;
import io.millrace.coordinator.TransactionVersion;
import io.millrace.log.AppendOutcome;
import io.millrace.log.WriteOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Markers that an operator asks for. The coordinator does not hear of them: it may not know the transaction at all. */
final class WriteMarkers extends Work {

    private final Resolution resolution;
    private final int coordinatorEpoch;
    private final Pending<Map<TopicPartition, ErrorCode>> pending;
    private final Map<TopicPartition, ErrorCode> errors = new LinkedHashMap<>();
    private boolean answered;

    WriteMarkers(
            ProducerIdentity producer,
            boolean commit,
            int coordinatorEpoch,
            TransactionVersion version,
            List<TopicPartition> partitions,
            Pending<Map<TopicPartition, ErrorCode>> pending) {
        this.resolution =
                new Resolution("", producer.producerId(), producer.epoch(), version, commit, partitions, producer);
        this.coordinatorEpoch = coordinatorEpoch;
        this.pending = pending;
    }

    @Override
    void append(LogOwner log) {
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
                log.groups().endTransaction(id, resolution.producerId(), resolution.commit());
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
