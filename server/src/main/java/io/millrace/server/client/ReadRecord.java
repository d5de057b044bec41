package io.millrace.server.client;

import io.millrace.client.TopicPartition;
import io.millrace.record.Header;
import io.millrace.record.TimestampType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was read.
 *
 * @param timestampMs ms since 1970, -1 if it has none
 * @param key null for none
 * @param value null for a tombstone
 */
public record ReadRecord(
        TopicPartition partition,
        long offset,
        long timestampMs,
        TimestampType timestampType,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers) {}
