package io.millrace.streams.runtime;

import io.millrace.record.RecordCursor;
import io.millrace.streams.DropReason;
import io.millrace.streams.TimestampExtractor;
import io.millrace.streams.codec.Codec;
import io.millrace.streams.operator.SourceBytes;
import io.millrace.streams.topology.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the records of a topic into a reader's head. Owned by the I/O agent. */
final class RecordDecoder {

    private final Codec<?> keys;
    private final Codec<?> values;
    private final @Nullable TimestampExtractor<Object, Object> timestamps;

    private final boolean keepsSource;

    /** @param keepsSource whether a dead-letter topic may want records as they were read */
    RecordDecoder(Operation source, boolean keepsSource) {
        this.keepsSource = keepsSource;
        if (source instanceof Operation.ReadTopic read) {
            keys = read.keys();
            values = read.values();
            timestamps = read.timestamps();
        } else if (source instanceof Operation.ReadTable read) {
            keys = read.keys();
            values = read.values();
            timestamps = read.timestamps();
        } else {
            throw new IllegalArgumentException("not a topic: " + source);
        }
    }

    @SuppressWarnings("NullAway") // an extractor is a user's function and sees nulls where the topic has them
    void decode(RecordCursor cursor, InputReader into) {
        into.offset = cursor.offset();
        into.bytes = Math.max(cursor.keySize(), 0) + Math.max(cursor.valueSize(), 0);
        into.timestampMs = cursor.timestamp();
        into.headers = cursor.headerCount() == 0 ? List.of() : List.of(cursor.headers());
        into.source = keepsSource ? new SourceBytes(cursor.key(), cursor.value()) : null;
        try {
            byte[] bytes = cursor.buffer();
            into.key = cursor.hasKey() ? keys.decode(bytes, cursor.keyPosition(), cursor.keySize()) : null;
            into.value = cursor.hasValue() ? values.decode(bytes, cursor.valuePosition(), cursor.valueSize()) : null;
            if (timestamps != null) {
                into.timestampMs = timestamps.timestampMs(into.key, into.value, cursor.timestamp());
            }
        } catch (Exception e) {
            refuse(cursor, into, DropReason.DESERIALIZATION, e);
            return;
        }
        if (into.timestampMs < 0) {
            refuse(cursor, into, DropReason.NEGATIVE_TIMESTAMP, null);
        }
    }

    private static void refuse(RecordCursor cursor, InputReader into, DropReason reason, @Nullable Exception cause) {
        into.failure = new DecodeFailure(reason, cause, cursor.key(), cursor.value());
        into.key = null;
        into.value = null;
        into.timestampMs = Math.max(0, cursor.timestamp());
    }
}
