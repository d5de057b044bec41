package io.millrace.node;

import io.millrace.client.Appended;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.record.RecordBatchBuilder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A producer with a transactional id: one transaction at a time, each under an epoch of its own. Owned by its client's thread. */
final class TransactionalProducer implements Producer {

    private final Door door;
    private final String transactionalId;
    private final String member;
    private final Consumer<Producer> onClose;
    private final Pending<ProducerIdentity> ready;
    private @Nullable InProcessTransaction current;

    /** @param member who commits positions of groups that its client may have claimed */
    TransactionalProducer(Door door, String transactionalId, int timeoutMs, String member, Consumer<Producer> onClose) {
        this.door = door;
        this.transactionalId = transactionalId;
        this.member = member;
        this.onClose = onClose;
        this.ready = new Pending<>(door.signal());
        door.send(InitProducer.ofJob(transactionalId, timeoutMs, ready));
    }

    @Override
    public Pending<ProducerIdentity> ready() {
        return ready;
    }

    @Override
    public Pending<Appended> append(TopicPartition partition, RecordBatchBuilder batch) {
        throw new IllegalStateException(
                "producer " + transactionalId + " is transactional: append to the transaction that begin() returns");
    }

    @Override
    public Transaction begin() {
        InProcessTransaction last = current;
        Pending<ProducerIdentity> identity = last == null ? ready : last.completed();
        if (!identity.isDone()) {
            throw new IllegalStateException(
                    "producer " + transactionalId + " is not ready for another transaction yet");
        }
        InProcessTransaction next = new InProcessTransaction(door, transactionalId, identity.value(), member);
        current = next;
        return next;
    }

    @Override
    public void close() {
        InProcessTransaction last = current;
        if (last != null && last.isOpen()) {
            last.abort();
        }
        onClose.accept(this);
    }
}
