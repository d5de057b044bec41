package io.millrace.node;

import io.millrace.client.Appended;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.log.AppendOutcome;
import io.millrace.log.Origin;
import io.millrace.log.WriteOutcome;
import io.millrace.record.RecordBatch;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A producer's batch, answered when it is durable. Only a job of this process hears of a part of its transaction as soon as it is
 * written: a power cut ends it too, and its commit syncs first. A client elsewhere lives on and may commit in the node's next
 * life, so its batch and the record that enlists the partition must be there then.
 */
final class AppendWork extends Work {

    private final TopicPartition id;
    private final RecordBatch batch;
    private final @Nullable UUID topicId;
    private final @Nullable InTransaction transaction;
    private final Pending<Appended> pending;
    private final RefusedBatch told;
    private @Nullable Partition partition;
    private @Nullable Appended appended;
    private boolean answered;

    AppendWork(TopicPartition id, RecordBatch batch, @Nullable InTransaction transaction, Pending<Appended> pending) {
        this(id, null, batch, transaction, pending, new RefusedBatch());
    }

    /**
     * @param topicId that the partition must be of, if somebody has made another topic of the name; null for any
     * @param told is told what is known of a refusal, before {@code pending} is
     */
    AppendWork(
            TopicPartition id,
            @Nullable UUID topicId,
            RecordBatch batch,
            @Nullable InTransaction transaction,
            Pending<Appended> pending,
            RefusedBatch told) {
        this.id = id;
        this.topicId = topicId;
        this.batch = batch;
        this.transaction = transaction;
        this.pending = pending;
        this.told = told;
    }

    TopicPartition id() {
        return id;
    }

    /** Null outside of a transaction. */
    @Nullable
    InTransaction transaction() {
        return transaction;
    }

    /** Where users' records may be appended; null if there is no such partition. */
    @Nullable
    Partition target(PartitionTable partitions) {
        Partition found = TopicNames.isInternal(id.topic()) ? null : partitions.find(id);
        return found == null || topicId == null || topicId.equals(found.handle().topicId()) ? found : null;
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
        Partition target = target(log.partitions());
        if (target == null) {
            failWithoutTarget(log);
            return;
        }
        if (transaction != null) {
            try {
                log.transactions().enlistments().require(log, transaction, producer(), id);
            } catch (LogException refused) {
                fail(refused.error(), refused.reason());
                return;
            }
        }
        partition = target;
        AppendOutcome outcome = log.append(target, batch, origin());
        if (outcome instanceof AppendOutcome.Appended taken) {
            appended = new Appended(
                    taken.baseOffset(),
                    taken.lastOffset(),
                    target.leaderEpoch(),
                    taken.logAppendTimeMs(),
                    target.logStartOffset());
        } else if (outcome instanceof AppendOutcome.Duplicate before) {
            appended = new Appended(
                    before.baseOffset(), before.lastOffset(), -1, before.timestampMs(), target.logStartOffset());
        } else if (outcome instanceof AppendOutcome.Rejected rejected) {
            told.tell(rejected, target.logStartOffset());
            fail(rejected.error(), rejected.message());
        }
    }

    private Origin origin() {
        return transaction != null && transaction.enlistment().isBefore() ? Origin.CLIENT_KEEPING_EPOCH : Origin.CLIENT;
    }

    private void failWithoutTarget(LogOwner log) {
        if (TopicNames.isInternal(id.topic())) {
            fail(ErrorCode.INVALID_TOPIC_EXCEPTION, id.topic() + " belongs to the log; only it writes there");
        } else if (topicId != null && log.partitions().find(id) != null) {
            fail(ErrorCode.UNKNOWN_TOPIC_ID, id.topic() + " is not the topic " + topicId + " any more");
        } else {
            fail(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no partition " + id);
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
            return;
        }
        boolean early = transaction != null && transaction.enlistment() == Enlistment.JOB;
        if (!early || !target.syncs()) {
            touch(target);
        }
        if (early) {
            answered = true;
            pending.succeed(taken);
        } else if (transaction != null) {
            touch(log.transactions().partitionOf(transaction.transactionalId()));
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
