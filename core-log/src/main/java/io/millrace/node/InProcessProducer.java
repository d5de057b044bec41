package io.millrace.node;

import io.millrace.client.Appended;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * An idempotent producer without transactions. Owned by its client's thread.
 *
 * <p>When an append is refused, the sequences of that partition have a hole. The producer then goes on under the next epoch
 * with sequences from 0, as Kafka's does, so that one bad batch does not end it.
 */
final class InProcessProducer implements Producer {

    private final Door door;
    private final Consumer<Producer> onClose;
    private final Pending<ProducerIdentity> ready;
    private final Sequences sequences = new Sequences();
    private final Deque<Pending<Appended>> unanswered = new ArrayDeque<>();
    private int epochsUsed;
    private boolean closed;

    InProcessProducer(Door door, Consumer<Producer> onClose) {
        this.door = door;
        this.onClose = onClose;
        this.ready =
                door.ask((log, request) -> new ProducerIdentity(log.topics().freshProducerId(), (short) 0));
    }

    @Override
    public Pending<ProducerIdentity> ready() {
        return ready;
    }

    @Override
    public Pending<Appended> append(TopicPartition partition, RecordBatchBuilder builder) {
        if (closed) {
            throw new IllegalStateException("the producer is closed");
        }
        if (bumpAfterRefusal()) {
            return Pending.failed(
                    ErrorCode.INVALID_PRODUCER_EPOCH, "the producer has used up its epochs; open another one");
        }
        ProducerIdentity identity = ready.value();
        int sequence = sequences.take(partition, builder.recordCount());
        RecordBatch batch = builder.finish(identity.producerId(), (short) epochsUsed, sequence, false);
        Pending<Appended> pending = new Pending<>(door.signal());
        door.send(new AppendWork(partition, batch, null, pending));
        unanswered.add(pending);
        return pending;
    }

    /** Looks at the answers that have come; true if a new epoch is needed and there is none. */
    private boolean bumpAfterRefusal() {
        boolean refused = false;
        while (!unanswered.isEmpty() && unanswered.peek().isDone()) {
            refused |= unanswered.remove().isFailed();
        }
        if (refused) {
            epochsUsed++;
            sequences.clear();
        }
        return epochsUsed > Short.MAX_VALUE;
    }

    @Override
    public Transaction begin() {
        throw new IllegalStateException("this producer has no transactional id");
    }

    @Override
    public void close() {
        closed = true;
        onClose.accept(this);
    }
}
