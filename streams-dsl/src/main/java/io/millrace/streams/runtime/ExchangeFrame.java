package io.millrace.streams.runtime;

import io.millrace.record.Header;
import io.millrace.streams.operator.RecordContext;
import io.millrace.streams.operator.SourceBytes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records on their way through an exchange, in columns. Grows when it must: the fan-out of one frame has no bound but memory,
 * and its bytes count as dirty.
 *
 * <p>Between lanes it is also what the barrier and the progress of an upstream task travel in. Written by one lane, then
 * handed to another as a whole.
 */
final class ExchangeFrame {

    /** Estimated heap bytes of one waiting record: its row here and its objects. */
    static final int RECORD_BYTES = 128;

    private static final int RECORDS_INITIAL = 256;

    int count;

    @Nullable
    Object[] keys = new Object[RECORDS_INITIAL];

    @Nullable
    Object[] values = new Object[RECORDS_INITIAL];

    long[] timestampsMs = new long[RECORDS_INITIAL];
    int[] shards = new int[RECORDS_INITIAL];

    /** Shards of the tasks that sent them. */
    int[] fromShards = new int[RECORDS_INITIAL];

    int[] exchanges = new int[RECORDS_INITIAL];

    /** Where the records came from; see RecordContext. */
    @Nullable
    String[] topics = new String[RECORDS_INITIAL];

    int[] partitions = new int[RECORDS_INITIAL];
    long[] offsets = new long[RECORDS_INITIAL];
    List<Header>[] headers = newHeaders(RECORDS_INITIAL);

    /** Null where no dead-letter topic wants the records as they were read. */
    @Nullable
    SourceBytes @Nullable [] sources;

    /** The upstream shard whose progress this carries, -1 if none. */
    int progressShard = -1;

    long progressMs;

    /** The I/O agent's news that the sender knew of when it said so. */
    long progressVersion;

    /** The I/O agent's news that stands behind these records. */
    long version;

    /** The epoch that ends behind these records, 0 if none does. */
    long barrierEpoch;

    void add(
            int exchange,
            int fromShard,
            int shard,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext from) {
        if (count == timestampsMs.length) {
            grow();
        }
        int at = count++;
        exchanges[at] = exchange;
        shards[at] = shard;
        fromShards[at] = fromShard;
        keys[at] = key;
        values[at] = value;
        timestampsMs[at] = timestampMs;
        topics[at] = from.topic();
        partitions[at] = from.partition();
        offsets[at] = from.offset();
        headers[at] = from.headers();
        SourceBytes source = from.source();
        if (source != null) {
            if (sources == null) {
                sources = new SourceBytes[timestampsMs.length];
            }
            sources[at] = source;
        }
    }

    @Nullable
    SourceBytes sourceAt(int index) {
        return sources == null ? null : sources[index];
    }

    boolean isBlank() {
        return count == 0 && progressShard < 0 && barrierEpoch == 0;
    }

    void clear() {
        Arrays.fill(keys, 0, count, null);
        Arrays.fill(values, 0, count, null);
        Arrays.fill(headers, 0, count, null);
        sources = null;
        count = 0;
        progressShard = -1;
        barrierEpoch = 0;
    }

    private void grow() {
        int size = timestampsMs.length * 2;
        keys = Arrays.copyOf(keys, size);
        values = Arrays.copyOf(values, size);
        timestampsMs = Arrays.copyOf(timestampsMs, size);
        shards = Arrays.copyOf(shards, size);
        fromShards = Arrays.copyOf(fromShards, size);
        exchanges = Arrays.copyOf(exchanges, size);
        topics = Arrays.copyOf(topics, size);
        partitions = Arrays.copyOf(partitions, size);
        offsets = Arrays.copyOf(offsets, size);
        headers = Arrays.copyOf(headers, size);
        sources = sources == null ? null : Arrays.copyOf(sources, size);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static List<Header>[] newHeaders(int size) {
        return new List[size];
    }
}
