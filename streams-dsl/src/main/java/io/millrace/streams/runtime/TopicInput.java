package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.FetchResult;
import io.millrace.client.LogEnds;
import io.millrace.client.LogException;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** A partition of a topic as an input. Owned by the I/O agent. */
final class TopicInput extends InputReader {

    private static final long WAITS_NOT = Long.MAX_VALUE;

    private final Subscription subscription;
    private final TopicPartition partition;
    private final RecordDecoder decoder;
    private final RecordCursor cursor = new RecordCursor();
    private final long idleTimeoutNs;

    private Iterator<RecordBatch> batches = List.<RecordBatch>of().iterator();
    private boolean inBatch;
    private long fromOffset;
    private long nextOffset;

    /** Offset of the next record to take. */
    private long position;

    private long committedPosition;

    /** When the wait for an open transaction of somebody else began, by the last stable offset that it holds up. */
    private long waitingSinceNs = WAITS_NOT;

    private long waitingAtOffset = -1;
    private boolean hasWaited;

    /** @param isCommitted whether the group has this position; if not, the first commit writes it */
    TopicInput(
            TaskInput input,
            Subscription subscription,
            long position,
            boolean isCommitted,
            RecordDecoder decoder,
            long idleTimeoutNs) {
        super(input);
        this.subscription = subscription;
        this.partition = new TopicPartition(Objects.requireNonNull(input.topic()), input.partition());
        this.decoder = decoder;
        this.idleTimeoutNs = idleTimeoutNs;
        this.position = position;
        this.committedPosition = isCommitted ? position : -1;
        this.nextOffset = position;
        subscription.seek(partition, position);
    }

    @Override
    boolean decodeNext() {
        while (true) {
            if (inBatch) {
                while (cursor.next()) {
                    if (cursor.offset() >= fromOffset) {
                        decoder.decode(cursor, this);
                        return true;
                    }
                }
                inBatch = false;
            }
            if (batches.hasNext()) {
                cursor.wrap(batches.next());
                inBatch = true;
            } else if (!fetch()) {
                return false;
            }
        }
    }

    private boolean fetch() {
        position = nextOffset;
        FetchResult result = subscription.fetch(partition);
        if (result instanceof FetchResult.Fetched fetched) {
            batches = fetched.batches().iterator();
            fromOffset = fetched.fromOffset();
            nextOffset = fetched.nextOffset();
            return true;
        }
        if (result instanceof FetchResult.OutOfRange out) {
            throw new PositionLostException(partition, out.position(), out.logStartOffset(), out.logEndOffset());
        }
        if (result instanceof FetchResult.Failed failed) {
            ErrorCode error = failed.error();
            if (error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
                throw PositionLostException.deleted(partition, position);
            }
            throw new LogException(error, "cannot read " + partition + ": " + failed.message());
        }
        return false;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Offset behind the last record taken, and behind what read-committed readers leave out after it. */
    long position() {
        return position;
    }

    @Override
    void taken() {
        position = offset + 1;
    }

    @Override
    boolean hasUnread(long nowNs) {
        if (hasHead() || inBatch || batches.hasNext()) {
            return true;
        }
        LogEnds ends = subscription.ends(partition);
        if (nextOffset < ends.lastStableOffset()) {
            waitingSinceNs = WAITS_NOT;
            return true;
        }
        if (ends.lastStableOffset() >= ends.logEndOffset()) {
            waitingSinceNs = WAITS_NOT;
            return false;
        }
        if (waitingSinceNs == WAITS_NOT || waitingAtOffset != ends.lastStableOffset()) {
            waitingSinceNs = nowNs;
            hasWaited = false;
            waitingAtOffset = ends.lastStableOffset();
        }
        hasWaited = nowNs - waitingSinceNs >= idleTimeoutNs;
        return !hasWaited;
    }

    @Override
    long nextDeadlineNs() {
        return waitingSinceNs == WAITS_NOT || hasWaited ? Long.MAX_VALUE : waitingSinceNs + idleTimeoutNs;
    }

    @Override
    boolean collectPosition(PositionsOfEpoch into) {
        if (position == committedPosition) {
            return false;
        }
        into.topic(input.shard(), partition, position);
        committedPosition = position;
        return true;
    }

    @Override
    long lag() {
        return Math.max(0, subscription.ends(partition).lastStableOffset() - position);
    }

    @Override
    void close() {
        subscription.remove(partition);
    }
}
