package io.millrace.server.client;

import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData.AbortedTransaction;
import io.millrace.client.IsolationLevel;
import io.millrace.client.TopicPartition;
import io.millrace.record.ControlRecord;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import io.millrace.record.wire.ByteSlice;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition in one answer. Who reads what is committed is told which transactions in it were aborted, and
 * leaves their records out himself (KIP-98); markers of transactions are no records of anybody.
 */
final class FetchedRecords {

    private final TopicPartition partition;
    private final @Nullable ByteSlice bytes;
    private final boolean committedOnly;
    private final Deque<AbortedTransaction> begins = new ArrayDeque<>();
    private final Set<Long> aborted = new HashSet<>();
    private final RecordCursor cursor = new RecordCursor();
    private long position;

    FetchedRecords(TopicPartition partition, PartitionData data, long position, IsolationLevel isolation) {
        this.partition = partition;
        Object read = data.records(); // of an answer that was read it is a view of that answer
        this.bytes = read instanceof ByteSlice slice ? slice : null;
        this.position = position;
        this.committedOnly = isolation == IsolationLevel.READ_COMMITTED;
        List<AbortedTransaction> all = data.abortedTransactions();
        if (all != null) {
            all.stream()
                    .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                    .forEach(begins::add);
        }
    }

    /** Where to read on. */
    long position() {
        return position;
    }

    /** Hands over each record from the position on; false if the taker wants no more. */
    boolean forEach(Predicate<ReadRecord> taker) {
        ByteSlice slice = bytes;
        if (slice == null) {
            return true;
        }
        int at = slice.position();
        int end = slice.position() + slice.size();
        while (end - at >= RecordBatch.HEADER_BYTES) {
            if (RecordBatch.sizeAt(slice.bytes(), at) > end - at) {
                break; // Kafka cuts an answer off within its last batch
            }
            RecordBatch batch = RecordBatch.wrap(slice.bytes(), at, end - at);
            at += batch.sizeInBytes();
            if (!batch.isValidCrc()) {
                throw new CorruptBatchException(
                        "the checksum of the batch at offset " + batch.baseOffset() + " is wrong");
            }
            if (isVisible(batch) && !each(batch, taker)) {
                return false;
            }
            position = Math.max(position, batch.nextOffset());
        }
        return true;
    }

    private boolean isVisible(RecordBatch batch) {
        while (!begins.isEmpty() && begins.element().firstOffset() <= batch.lastOffset()) {
            aborted.add(begins.remove().producerId());
        }
        if (!batch.isControl()) {
            return !(committedOnly && batch.isTransactional() && aborted.contains(batch.producerId()));
        }
        cursor.wrap(batch);
        if (cursor.next() && ControlRecord.read(cursor).type() == ControlRecord.Type.ABORT) {
            aborted.remove(batch.producerId());
        }
        return false;
    }

    private boolean each(RecordBatch batch, Predicate<ReadRecord> taker) {
        cursor.wrap(batch);
        while (cursor.next()) {
            if (cursor.offset() < position) {
                continue;
            }
            position = cursor.offset() + 1;
            ReadRecord record = new ReadRecord(
                    partition,
                    cursor.offset(),
                    cursor.timestamp(),
                    batch.timestampType(),
                    cursor.key(),
                    cursor.value(),
                    List.of(cursor.headers()));
            if (!taker.test(record)) {
                return false;
            }
        }
        return true;
    }
}
