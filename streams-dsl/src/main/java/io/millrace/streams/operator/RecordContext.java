package io.millrace.streams.operator;

import io.millrace.record.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the record being processed came from. One mutable object per task, filled by the runtime before each record. */
public final class RecordContext {

    private @Nullable String topic;
    private int partition = -1;
    private long offset = -1;
    private List<Header> headers = List.of();
    private @Nullable SourceBytes source;

    public void set(@Nullable String topicName, int partitionIndex, long recordOffset, List<Header> recordHeaders) {
        set(topicName, partitionIndex, recordOffset, recordHeaders, null);
    }

    /** @param sourceBytes the input record as it was read, if the job keeps it */
    public void set(
            @Nullable String topicName,
            int partitionIndex,
            long recordOffset,
            List<Header> recordHeaders,
            @Nullable SourceBytes sourceBytes) {
        this.source = sourceBytes;
        this.topic = topicName;
        this.partition = partitionIndex;
        this.offset = recordOffset;
        this.headers = recordHeaders;
    }

    /** As it is now, for what is done after the record. */
    public RecordContext copy() {
        RecordContext copy = new RecordContext();
        copy.set(topic, partition, offset, List.copyOf(headers), source);
        return copy;
    }

    /** Source topic; null where there is none, as in a timer. */
    public @Nullable String topic() {
        return topic;
    }

    /** Source partition, -1 where there is none. */
    public int partition() {
        return partition;
    }

    /** Source offset, -1 where there is none. */
    public long offset() {
        return offset;
    }

    /** The input record as it was read; null where there is none, or where no dead-letter topic wants it. */
    public @Nullable SourceBytes source() {
        return source;
    }

    /** Headers of the input record; they travel to what it causes. */
    public List<Header> headers() {
        return headers;
    }
}
