package io.millrace.streams.runtime;

import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.LogEnds;
import io.millrace.client.Subscription;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import io.millrace.store.StoreKeys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how far a job that is not running has read its foreign sources. Stepped by the owner of the client, which it does
 * not close. Changes nothing.
 *
 * <p>A shard's meta record is the last record of each epoch that wrote to the shard, so the end of each changelog partition is
 * looked at first, and the whole of it only if that has none. What a reset has left in the catalog counts where no shard says
 * anything newer.
 */
public final class SourcePositions {

    /** Offsets at the end of a changelog partition that are looked at first. */
    private static final long TAIL_OFFSETS = 1_000;

    private static final int FETCH_BYTES = 1 << 20;
    private static final int META_STORE_ID = StoreKeys.storeId(ShardKeeper.META_STORE);

    private final LogClient client;
    private final RequestChain requests = new RequestChain();
    private final RecordCursor cursor = new RecordCursor();
    private final Map<String, Map<String, String>> found = new TreeMap<>();
    private @Nullable Subscription subscription;

    public SourcePositions(LogClient client, String job) {
        this.client = client;
        requests.ask(client::listTopics, topics -> {
            read(topics, Catalog.topicOf(job));
            read(topics, Prepared.changelogOf(job));
        });
    }

    private void read(List<TopicDescription> topics, String name) {
        topics.stream().filter(topic -> topic.name().equals(name)).forEach(topic -> {
            for (int partition = 0; partition < topic.partitionCount(); partition++) {
                TopicPartition each = new TopicPartition(name, partition);
                requests.then(() -> readTail(each));
            }
        });
    }

    private void readTail(TopicPartition partition) {
        LogEnds ends = open(partition).ends(partition);
        long tail = Math.max(ends.logStartOffset(), ends.lastStableOffset() - TAIL_OFFSETS);
        boolean[] any = {false};
        replay(partition, tail, any);
        requests.then(() -> {
            if (!any[0] && tail > ends.logStartOffset()) {
                replay(partition, ends.logStartOffset(), any);
            }
        });
    }

    private Subscription open(TopicPartition partition) {
        Subscription reader = subscription;
        if (reader == null) {
            reader = client.openSubscription(IsolationLevel.READ_COMMITTED, FETCH_BYTES);
            subscription = reader;
        }
        reader.seek(partition, 0);
        return reader;
    }

    private void replay(TopicPartition partition, long from, boolean[] any) {
        PartitionReplay replay = new PartitionReplay(open(partition), partition, from);
        requests.until(() -> {
            if (replay.isDone()) {
                replay.close();
                return true;
            }
            replay.next().forEach(batch -> any[0] |= collect(batch));
            return false;
        });
    }

    private boolean collect(RecordBatch batch) {
        boolean any = false;
        cursor.wrap(batch);
        while (cursor.next()) {
            byte[] key = cursor.key();
            byte[] value = cursor.value();
            if (key != null && value != null && isPositions(key)) {
                found.putAll(MetaRecord.decode(value).positions().foreign());
                any = true;
            }
        }
        return any;
    }

    private static boolean isPositions(byte[] key) {
        return Arrays.equals(key, Catalog.SOURCES.getBytes(StandardCharsets.UTF_8))
                || (key.length >= Integer.BYTES && StoreKeys.storeIdOf(key) == META_STORE_ID);
    }

    /** Goes on. Returns units of work done. */
    public int step() {
        return requests.step();
    }

    public boolean isDone() {
        return requests.isDone();
    }

    /** Position behind the last record read, by {@code source id/split}. Only when {@link #isDone}. */
    public Map<String, Map<String, String>> found() {
        return Map.copyOf(found);
    }

    /** Lets the reader go. */
    public void close() {
        if (subscription != null) {
            subscription.close();
            subscription = null;
        }
    }
}
