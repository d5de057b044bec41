package io.millrace.streams;

import io.millrace.client.Appended;
import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Waiter;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordTooLargeException;
import io.millrace.record.TimestampType;
import io.millrace.streams.codec.Codec;
import io.millrace.streams.codec.KeyPartitioner;
import io.millrace.streams.runtime.OutputTopic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to a topic with the topic's codecs, outside of any job. A key goes to the partition to which jobs send it, that
 * of Kafka's default partitioner; records without a key take the partitions in turn. Records of one partition stand in the log
 * in the order in which they were sent, and none stands there twice (KIP-98).
 *
 * <pre>{@code
 * try (TopicWriter<String, Long> writer = millrace.write(orders)) {
 *     writer.send("alice", 3L);
 *     writer.flush(Duration.ofSeconds(10)); // durable now, or an exception that says why not
 * }
 * }</pre>
 *
 * <p>A record is on its way when {@code send} returns; nothing waits in the writer for a batch to fill, so that the next
 * {@code send} may come as late as it likes. It is durable when {@link #flush} or {@link #close} has returned. That a record was
 * refused is thrown once, by the {@code send}, {@code flush} or {@code close} that comes next; records sent after it may have
 * been refused with it. The writer can be used on.
 *
 * <p>Belongs to the thread that opened it: threads that write at the same time open a writer each.
 */
public final class TopicWriter<K, V> implements AutoCloseable {

    /** So many records may be on their way; then {@code send} waits. */
    public static final int UNACKNOWLEDGED_RECORDS_MAX = 1024;

    /** So many bytes, and one record more, may be on their way; then {@code send} waits. */
    public static final int UNACKNOWLEDGED_BYTES_MAX = 16 * 1024 * 1024;

    /** How long {@code send} waits for a log that is slower than the writer, and {@link #close} for the last records. */
    public static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /** The builder of a larger record goes to the garbage collector, so that spare ones stay small. */
    private static final int SPARE_BYTES_MAX = 4096;

    private record Sent(
            TopicPartition partition, RecordBatchBuilder batch, int sizeInBytes, Pending<Appended> acknowledged) {}

    private final Thread owner = Thread.currentThread();
    private final LogClient client;
    private final Producer producer;
    private final Topic<K, V> topic;
    private final OutputTopic target;
    private final Waiter waiter;
    private final Clock clock;
    private final ArrayDeque<Sent> unacknowledged = new ArrayDeque<>();
    private final ArrayDeque<RecordBatchBuilder> spare = new ArrayDeque<>();
    private final Map<TopicPartition, Long> lastOffsets = new HashMap<>();
    private long unacknowledgedBytes;
    private long keylessCount;
    private @Nullable Sent refused;
    private boolean closed;

    /**
     * A writer for the calling thread.
     *
     * @param client is closed with the writer
     * @param producer of that client, and ready
     * @param waiter the client's signal
     */
    TopicWriter(
            LogClient client, Producer producer, Topic<K, V> topic, OutputTopic target, Waiter waiter, Clock clock) {
        this.client = client;
        this.producer = producer;
        this.topic = topic;
        this.target = target;
        this.waiter = waiter;
        this.clock = clock;
    }

    /** As {@link #send(Object, Object, long, List)}, with the time of now and no headers. */
    public void send(@Nullable K key, @Nullable V value) throws InterruptedException {
        send(key, value, clock.wallMs());
    }

    /** As {@link #send(Object, Object, long, List)}, without headers. */
    public void send(@Nullable K key, @Nullable V value, long timestampMs) throws InterruptedException {
        send(key, value, timestampMs, List.of());
    }

    /**
     * Sends a record. Waits, up to {@link #WAIT_MAX}, while as much is on its way as may be.
     *
     * @param key null for none
     * @param value null to delete the key, in a compacted topic or a table
     * @param timestampMs event time in ms since 1970, 0 or more
     * @throws MillraceException if the record is larger than {@code max.message.bytes} of the topic, an earlier one was refused,
     *     or the log took in nothing for too long; this record has not been sent then
     * @throws IllegalStateException if the writer is closed, or belongs to another thread
     */
    public void send(@Nullable K key, @Nullable V value, long timestampMs, List<Header> headers)
            throws InterruptedException {
        requireOpen();
        if (timestampMs < 0) {
            throw new IllegalArgumentException("a record's time is 0 or more, was " + timestampMs);
        }
        byte[] keyBytes = encode(topic.keys(), key);
        byte[] valueBytes = encode(topic.values(), value);
        awaitSpace();
        int partition = KeyPartitioner.partition(topic.keys(), keyBytes, keylessCount, target.partitionCount());
        RecordBatchBuilder batch = batchOf(keyBytes, valueBytes, timestampMs, headers);
        if (keyBytes == null) {
            keylessCount++;
        }
        TopicPartition where = new TopicPartition(target.name(), partition);
        unacknowledged.add(new Sent(where, batch, batch.sizeInBytes(), producer.append(where, batch)));
        unacknowledgedBytes += batch.sizeInBytes();
    }

    private static <T> byte @Nullable [] encode(Codec<T> codec, @Nullable T value) {
        return value == null ? null : codec.encode(value);
    }

    private void awaitSpace() throws InterruptedException {
        boolean hasSpace = waiter.await(
                () -> {
                    takeAnswers();
                    return refused != null
                            || (unacknowledged.size() < UNACKNOWLEDGED_RECORDS_MAX
                                    && unacknowledgedBytes < UNACKNOWLEDGED_BYTES_MAX
                                    && !client.isCongested());
                },
                WAIT_MAX,
                clock);
        throwRefusal();
        if (!hasSpace) {
            throw new MillraceException(
                    "a record for topic " + topic + " was not sent: the log has taken in too little for " + WAIT_MAX
                            + ", " + unacknowledged.size() + " records are on their way");
        }
    }

    private RecordBatchBuilder batchOf(
            byte @Nullable [] key, byte @Nullable [] value, long timestampMs, List<Header> headers) {
        RecordBatchBuilder batch = spare.isEmpty()
                ? new RecordBatchBuilder(target.compression(), TimestampType.CREATE_TIME, target.batchBytesMax())
                : spare.pop();
        try {
            batch.append(timestampMs, key, value, headers.toArray(Header[]::new));
            return batch;
        } catch (RecordTooLargeException e) {
            throw new MillraceException(
                    "the record is too large for topic " + topic + ": it takes " + e.sizeInBytes()
                            + " bytes, max.message.bytes of the topic allows " + e.limitInBytes(),
                    e);
        }
    }

    /**
     * Waits until all that was sent is durable, as the topic's {@code durability} asks.
     *
     * @return the offset of the last record that this writer has written to each partition, as {@link StoreReader#seeing} takes it
     * @throws MillraceException if a record was refused, with the reason; or if it takes longer than the time, and then the
     *     records may still come
     * @throws IllegalStateException if the writer is closed, or belongs to another thread
     */
    public Map<TopicPartition, Long> flush(Duration timeout) throws InterruptedException {
        requireOpen();
        boolean acknowledged = waiter.await(
                () -> {
                    takeAnswers();
                    return unacknowledged.isEmpty();
                },
                timeout,
                clock);
        throwRefusal();
        if (!acknowledged) {
            throw new MillraceException(unacknowledged.size() + " records for topic " + topic
                    + " were not acknowledged within " + timeout + "; they may still come");
        }
        return Map.copyOf(lastOffsets);
    }

    private void takeAnswers() {
        client.poll(clock.wallMs());
        while (!unacknowledged.isEmpty() && unacknowledged.peek().acknowledged().isDone()) {
            Sent sent = unacknowledged.remove();
            unacknowledgedBytes -= sent.sizeInBytes();
            if (!sent.acknowledged().isFailed()) {
                lastOffsets.put(sent.partition(), sent.acknowledged().value().lastOffset());
            } else if (refused == null) {
                refused = sent;
            }
            if (sent.sizeInBytes() <= SPARE_BYTES_MAX) {
                sent.batch().reset();
                spare.push(sent.batch());
            }
        }
    }

    private void throwRefusal() {
        Sent failed = refused;
        if (failed != null) {
            refused = null;
            throw new MillraceException("a record for " + failed.partition() + " was not written: "
                    + failed.acknowledged().error() + ": "
                    + failed.acknowledged().message());
        }
    }

    private void requireOpen() {
        requireOwner();
        if (closed) {
            throw new IllegalStateException("the writer of topic " + topic + " is closed");
        }
    }

    private void requireOwner() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("the writer of topic " + topic + " belongs to thread " + owner.getName()
                    + ": open one for each thread that writes");
        }
    }

    /**
     * As {@link #flush} with {@link #WAIT_MAX}, then lets the writer go, whatever came of that. A thread that is interrupted
     * does not wait; it stays interrupted.
     */
    @Override
    public void close() {
        requireOwner();
        if (closed) {
            return;
        }
        try {
            flush(WAIT_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            client.close();
        }
    }
}
