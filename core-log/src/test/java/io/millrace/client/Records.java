package io.millrace.client;

import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Batches of short texts, and what a reader makes of them. */
public final class Records {

    private static final int BATCH_BYTES_MAX = 1 << 20;

    private Records() {}

    /** A batch of records without keys; the timestamp of each is 1000 plus its position in the batch. */
    public static RecordBatchBuilder batch(String... values) {
        RecordBatchBuilder builder =
                new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, BATCH_BYTES_MAX);
        for (int i = 0; i < values.length; i++) {
            builder.append(1000 + i, null, values[i].getBytes(StandardCharsets.UTF_8), Header.NONE);
        }
        return builder;
    }

    /** One record with a key. A null value is a tombstone. */
    public static RecordBatchBuilder keyed(long timestampMs, String key, String value) {
        RecordBatchBuilder builder =
                new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, BATCH_BYTES_MAX);
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        builder.append(timestampMs, key.getBytes(StandardCharsets.UTF_8), bytes, Header.NONE);
        return builder;
    }

    /** Values at or above an offset, in order. */
    public static List<String> values(List<RecordBatch> batches, long fromOffset) {
        List<String> values = new ArrayList<>();
        RecordCursor cursor = new RecordCursor();
        for (RecordBatch batch : batches) {
            cursor.wrap(batch);
            while (cursor.next()) {
                if (cursor.offset() >= fromOffset) {
                    byte[] value = cursor.value();
                    values.add(value == null ? "null" : new String(value, StandardCharsets.UTF_8));
                }
            }
        }
        return values;
    }

    /** Everything the subscription can see of a partition from its position on. */
    public static List<String> drain(Subscription subscription, TopicPartition partition) {
        List<String> values = new ArrayList<>();
        while (subscription.fetch(partition) instanceof FetchResult.Fetched fetched) {
            values.addAll(values(fetched.batches(), fetched.fromOffset()));
        }
        return values;
    }

    /** Everything that can be seen of a partition from its start. */
    public static List<String> read(LogClient client, TopicPartition partition, IsolationLevel isolation) {
        try (Subscription subscription = client.openSubscription(isolation, BATCH_BYTES_MAX)) {
            subscription.seek(partition, 0);
            subscription.seek(partition, subscription.ends(partition).logStartOffset());
            return drain(subscription, partition);
        }
    }

    /** What a read-committed reader sees. */
    public static List<String> committed(LogClient client, TopicPartition partition) {
        return read(client, partition, IsolationLevel.READ_COMMITTED);
    }
}
