package io.millrace.streams.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.record.Header;
import io.millrace.streams.operator.RecordContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a record looks that is set aside, on a dead-letter topic or a topic for late records: its own headers, then ours. Values
 * of our headers are UTF-8 text.
 */
final class ErrorHeaders {

    static final String TOPIC = "millrace.error.topic";
    static final String PARTITION = "millrace.error.partition";
    static final String OFFSET = "millrace.error.offset";
    static final String OPERATOR = "millrace.error.operator";
    static final String REASON = "millrace.error.reason";
    static final String EXCEPTION = "millrace.error.exception";
    static final String MESSAGE = "millrace.error.message";

    private static final ObjectMapper JSON = new ObjectMapper();

    private ErrorHeaders() {}

    static Header[] of(RecordContext from, String operator, String reason, @Nullable Throwable cause) {
        List<Header> headers = new ArrayList<>(from.headers());
        String topic = from.topic();
        if (topic != null) {
            headers.add(text(TOPIC, topic));
            headers.add(text(PARTITION, Integer.toString(from.partition())));
            headers.add(text(OFFSET, Long.toString(from.offset())));
        }
        headers.add(text(OPERATOR, operator));
        headers.add(text(REASON, reason));
        if (cause != null) {
            headers.add(text(EXCEPTION, cause.getClass().getName()));
            headers.add(text(MESSAGE, String.valueOf(cause.getMessage())));
        }
        return headers.toArray(Header[]::new);
    }

    private static Header text(String name, String value) {
        return new Header(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of an object whose codec is not known here: bytes as they are, text as UTF-8, else JSON, else its text. */
    static byte @Nullable [] readable(@Nullable Object object) {
        if (object == null) {
            return null;
        }
        if (object instanceof byte[] bytes) {
            return bytes;
        }
        if (object instanceof CharSequence text) {
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return JSON.writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            return object.toString().getBytes(StandardCharsets.UTF_8);
        }
    }
}
