package io.millrace.testkit;

import io.millrace.client.FetchResult;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import io.millrace.streams.Topic;
import java.util.ArrayList;
import java.util.List;

/** What was committed to a topic since it was last looked at. Outlives the node: it knows where it stands. */
final class TopicTail {

    private static final int FETCH_BYTES_MAX = 1 << 20;

    private final String topic;
    private final long[] positions;
    private final RecordCursor cursor = new RecordCursor();

    TopicTail(String topic, int partitionCount) {
        this.topic = topic;
        this.positions = new long[partitionCount];
    }

    /** Partition by partition, each in the order of its offsets. */
    <K, V> List<OutputRecord<K, V>> read(LogClient client, Topic<K, V> as) {
        List<OutputRecord<K, V>> found = new ArrayList<>();
        try (Subscription subscription = client.openSubscription(IsolationLevel.READ_COMMITTED, FETCH_BYTES_MAX)) {
            for (int index = 0; index < positions.length; index++) {
                TopicPartition partition = new TopicPartition(topic, index);
                subscription.seek(partition, positions[index]);
                FetchResult result = subscription.fetch(partition);
                while (result instanceof FetchResult.Fetched fetched) {
                    for (RecordBatch batch : fetched.batches()) {
                        read(batch, fetched.fromOffset(), index, as, found);
                    }
                    positions[index] = fetched.nextOffset();
                    result = subscription.fetch(partition);
                }
                if (!(result instanceof FetchResult.Empty)) {
                    throw new IllegalStateException("cannot read " + partition + ": " + result);
                }
            }
        }
        return found;
    }

    private <K, V> void read(
            RecordBatch batch, long fromOffset, int partition, Topic<K, V> as, List<OutputRecord<K, V>> into) {
        cursor.wrap(batch);
        while (cursor.next()) {
            if (cursor.offset() >= fromOffset) {
                byte[] key = cursor.key();
                byte[] value = cursor.value();
                Header[] headers = cursor.headers();
                into.add(new OutputRecord<>(
                        key == null ? null : as.keys().decode(key),
                        value == null ? null : as.values().decode(value),
                        cursor.timestamp(),
                        List.of(headers),
                        partition,
                        cursor.offset()));
            }
        }
    }
}
