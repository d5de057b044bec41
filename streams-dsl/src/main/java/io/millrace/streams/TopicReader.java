package io.millrace.streams;

import io.millrace.client.FetchResult;
import io.millrace.client.FetchResult.Empty;
import io.millrace.client.FetchResult.Failed;
import io.millrace.client.FetchResult.Fetched;
import io.millrace.client.FetchResult.OutOfRange;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.LogException;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Clock;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import io.millrace.streams.codec.Codec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads all partitions of a topic from their start with the topic's codecs: committed records only, for programs that want to
 * look at what a job wrote.
 *
 * <p>The owner calls {@link #poll(Visitor)} until {@link #isAtEnd} says that this is all there is, or goes on for ever with
 * {@link #poll(Duration, Visitor)}, which waits for more.
 */
public final class TopicReader<K, V> implements AutoCloseable {

    private static final int FETCH_BYTES_MAX = 1024 * 1024;

    private final Topic<K, V> topic;
    private final List<TopicPartition> partitions;
    private final Subscription subscription;
    private final RecordCursor cursor = new RecordCursor();
    private final Waiter waiter;
    private final Clock clock;
    private final Runnable whenClosed;

    /** What is done with a record. */
    @FunctionalInterface
    public interface Visitor<K, V> {
        /** @param timestampMs event time */
        void visit(TopicPartition partition, long offset, long timestampMs, @Nullable K key, @Nullable V value);
    }

    /**
     * Starts before the first record of every partition.
     *
     * @param client belongs to the calling thread
     * @param partitionCount of the topic, as {@link LogClient#describeTopic} says
     */
    public TopicReader(LogClient client, Topic<K, V> topic, int partitionCount) {
        this(client, topic, partitionCount, new Waiter(), SystemClock.INSTANCE, () -> {});
    }

    private TopicReader(
            LogClient client, Topic<K, V> topic, int partitionCount, Waiter waiter, Clock clock, Runnable whenClosed) {
        this.topic = topic;
        this.waiter = waiter;
        this.clock = clock;
        this.whenClosed = whenClosed;
        this.partitions = IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        this.subscription = client.openSubscription(IsolationLevel.READ_COMMITTED, FETCH_BYTES_MAX);
        partitions.forEach(partition -> subscription.seek(partition, 0));
    }

    /**
     * As the constructor; the client is closed with the reader.
     *
     * @param waiter the client's signal
     */
    static <K, V> TopicReader<K, V> owning(
            LogClient client, Topic<K, V> topic, int partitionCount, Waiter waiter, Clock clock) {
        return new TopicReader<>(client, topic, partitionCount, waiter, clock, client::close);
    }

    /**
     * Shows the visitor what is there now, at most about a megabyte of each partition. A partition whose first records are gone
     * is read from where it starts.
     *
     * @return records that were shown
     * @throws LogException if a partition cannot be read
     */
    public int poll(Visitor<? super K, ? super V> visitor) {
        var count = 0;
        for (TopicPartition partition : partitions) {
            FetchResult result = subscription.fetch(partition);
            if (result instanceof Fetched fetched) {
                for (RecordBatch batch : fetched.batches()) {
                    count += show(partition, batch, fetched.fromOffset(), visitor);
                }
            } else if (result instanceof OutOfRange range) {
                subscription.seek(partition, range.logStartOffset());
            } else if (result instanceof Failed failed) {
                throw new LogException(failed.error(), failed.message());
            } else if (!(result instanceof Empty)) {
                throw new IllegalStateException("a fetch cannot answer " + result);
            }
        }
        return count;
    }

    /**
     * As {@link #poll(Visitor)}, and waits until there is a record to show. A commit that is published wakes it.
     *
     * @return records that were shown, 0 if none came within the time
     * @throws LogException if a partition cannot be read
     */
    public int poll(Duration timeout, Visitor<? super K, ? super V> visitor) throws InterruptedException {
        int[] shown = {0};
        waiter.await(
                () -> {
                    shown[0] = poll(visitor);
                    return shown[0] > 0;
                },
                timeout,
                clock);
        return shown[0];
    }

    /** Whether every record that is committed now has been shown. */
    public boolean isAtEnd() {
        return partitions.stream()
                .allMatch(partition -> subscription.position(partition)
                        >= subscription.ends(partition).lastStableOffset());
    }

    /**
     * Reads on to the end into a table of the latest value per key; a null value deletes. The caller's client must not need
     * polling for this, as is so for one of an embedded log.
     */
    public Map<K, V> latest() {
        var table = new HashMap<K, V>();
        while (!isAtEnd()) {
            poll((partition, offset, timestampMs, key, value) -> {
                if (key == null) {
                    return;
                }
                if (value == null) {
                    table.remove(key);
                } else {
                    table.put(key, value);
                }
            });
        }
        return table;
    }

    @Override
    public void close() {
        subscription.close();
        whenClosed.run();
    }

    private int show(
            TopicPartition partition, RecordBatch batch, long fromOffset, Visitor<? super K, ? super V> visitor) {
        var count = 0;
        cursor.wrap(batch);
        while (cursor.next()) {
            if (cursor.offset() >= fromOffset) {
                visitor.visit(
                        partition,
                        cursor.offset(),
                        cursor.timestamp(),
                        decode(topic.keys(), cursor.keyPosition(), cursor.keySize()),
                        decode(topic.values(), cursor.valuePosition(), cursor.valueSize()));
                count++;
            }
        }
        return count;
    }

    private <T> @Nullable T decode(Codec<T> codec, int position, int size) {
        return size < 0 ? null : codec.decode(cursor.buffer(), position, size);
    }
}
