package io.millrace.node;

import io.millrace.client.Appended;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.log.AppendOutcome;
import io.millrace.log.Origin;
import io.millrace.log.WriteOutcome;
import io.millrace.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/** A producer's batch. Outside of a transaction it is answered when it is durable, inside when it is written. */
final class AppendWork extends Work {

    private final TopicPartition id;
    private final RecordBatch batch;
    private final @Nullable String transactionalId;
    private final Pending<Appended> pending;
    private @Nullable Partition partition;
    private @Nullable Appended appended;
    private boolean answered;

    AppendWork(TopicPartition id, RecordBatch batch, @Nullable String transactionalId, Pending<Appended> pending) {
        this.id = id;
        this.batch = batch;
        this.transactionalId = transactionalId;
        this.pending = pending;
    }

    TopicPartition id() {
        return id;
    }

    /** Empty outside of a transaction. */
    String transactionalIdOrEmpty() {
        return transactionalId == null ? "" : transactionalId;
    }

    boolean isAnswered() {
        return answered;
    }

    @Override
    int sizeInBytes() {
        return batch.sizeInBytes();
    }

    ProducerIdentity producer() {
        return new ProducerIdentity(batch.producerId(), batch.producerEpoch());
    }

    @Override
    void append(LogOwner log) {
        if (answered) {
            return;
        }
        Partition target = log.partitions().find(id);
        if (target == null) {
            fail(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no partition " + id);
            return;
        }
        if (TopicNames.isInternal(id.topic())) {
            fail(ErrorCode.INVALID_TOPIC_EXCEPTION, id.topic() + " belongs to the log; only it writes there");
            return;
        }
        partition = target;
        AppendOutcome outcome = log.append(target, batch, Origin.CLIENT);
        if (outcome instanceof AppendOutcome.Appended taken) {
            appended = new Appended(
                    taken.baseOffset(),
                    taken.lastOffset(),
                    target.leaderEpoch(),
                    taken.logAppendTimeMs(),
                    target.logStartOffset());
        } else if (outcome instanceof AppendOutcome.Duplicate before) {
            appended = new Appended(before.baseOffset(), before.lastOffset(), -1, -1, target.logStartOffset());
        } else if (outcome instanceof AppendOutcome.Rejected rejected) {
            fail(rejected.error(), rejected.message());
        }
    }

    @Override
    void written(LogOwner log) {
        Appended taken = appended;
        Partition target = partition;
        if (answered || taken == null || target == null) {
            return;
        }
        WriteOutcome.NotWritten failure = target.failureOf(taken.lastOffset());
        if (failure != null) {
            fail(failure.error(), failure.message());
        } else if (transactionalId == null || !target.syncs()) {
            touch(target);
        }
        if (transactionalId != null && !answered) {
            answered = true;
            pending.succeed(taken);
        }
    }

    @Override
    void acknowledge(LogOwner log) {
        if (!answered) {
            answered = true;
            pending.succeed(appended);
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
