package io.millrace.node;

import io.millrace.client.Appended;
import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One transaction of a {@link TransactionalProducer}. Owned by its client's thread. */
final class InProcessTransaction implements Transaction {

    private final Door door;
    private final String transactionalId;
    private final InTransaction in;
    private final ProducerIdentity identity;
    private final String member;
    private final Sequences sequences = new Sequences();
    private final List<Pending<?>> parts = new ArrayList<>();
    private @Nullable Pending<ProducerIdentity> completed;

    InProcessTransaction(Door door, String transactionalId, ProducerIdentity identity, String member) {
        this.door = door;
        this.transactionalId = transactionalId;
        this.in = new InTransaction(transactionalId, Enlistment.JOB);
        this.identity = identity;
        this.member = member;
    }

    boolean isOpen() {
        return completed == null;
    }

    @Override
    public Pending<Appended> append(TopicPartition partition, RecordBatchBuilder builder) {
        requireOpen();
        int sequence = sequences.take(partition, builder.recordCount());
        RecordBatch batch = builder.finish(identity.producerId(), identity.epoch(), sequence, true);
        Pending<Appended> pending = new Pending<>(door.signal());
        door.send(new AppendWork(partition, batch, in, pending));
        parts.add(pending);
        return pending;
    }

    @Override
    public Pending<Void> commitOffsets(String group, Map<TopicPartition, CommittedOffset> offsets) {
        requireOpen();
        Map<TopicPartition, CommittedOffset> positions = Map.copyOf(offsets);
        Pending<Void> pending = door.ask((log, request) -> {
            log.groups().commitInTransaction(log, in, identity, group, member, positions);
            return null;
        });
        parts.add(pending);
        return pending;
    }

    @Override
    public Pending<Void> commit() {
        requireOpen();
        for (Pending<?> part : parts) {
            if (!part.isDone()) {
                throw new IllegalStateException("an append of this transaction is not done yet");
            }
            if (part.isFailed()) {
                throw new IllegalStateException("a part of this transaction was refused (" + part.error() + ": "
                        + part.message() + "); it can only be aborted");
            }
        }
        return end(true);
    }

    @Override
    public Pending<Void> abort() {
        requireOpen();
        return end(false);
    }

    private Pending<Void> end(boolean commit) {
        if (parts.isEmpty()) {
            completed = Pending.succeeded(identity); // the log never heard of this transaction
            return Pending.succeeded(null);
        }
        Pending<Void> decided = new Pending<>(door.signal());
        Pending<ProducerIdentity> ended = new Pending<>(door.signal());
        completed = ended;
        door.send(EndTransaction.asked(transactionalId, identity, commit, decided, ended));
        return decided;
    }

    private void requireOpen() {
        if (completed != null) {
            throw new IllegalStateException("this transaction was ended");
        }
    }

    @Override
    public Pending<ProducerIdentity> completed() {
        Pending<ProducerIdentity> ended = completed;
        if (ended == null) {
            return Pending.failed(ErrorCode.INVALID_TXN_STATE, "commit or abort this transaction first");
        }
        return ended;
    }
}
