package io.millrace.testkit;

import io.millrace.record.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A committed record of a topic.
 *
 * @param key null if the record has none
 * @param value null for a deletion
 * @param timestampMs event time, ms since 1970
 * @param headers in their order
 * @param partition where it stands
 * @param offset in its partition
 */
public record OutputRecord<K, V>(
        @Nullable K key, @Nullable V value, long timestampMs, List<Header> headers, int partition, long offset) {

    public OutputRecord {
        headers = List.copyOf(headers);
    }

    /** {@code key=value@timestamp}, for short assertions. */
    public String text() {
        return key + "=" + value + "@" + timestampMs;
    }
}
