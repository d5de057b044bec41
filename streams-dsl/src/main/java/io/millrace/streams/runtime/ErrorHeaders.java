package io.millrace.streams.runtime;

import io.millrace.record.Header;
import io.millrace.streams.operator.RecordContext;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a record say that is set aside, on a dead-letter topic or a topic for late records: its own headers, then
 * ours, as UTF-8 text. Where Kafka Streams has a header of the same meaning it has the same name (KIP-1034).
 */
final class ErrorHeaders {

    static final String TOPIC = "__streams.errors.topic";
    static final String PARTITION = "__streams.errors.partition";
    static final String OFFSET = "__streams.errors.offset";
    static final String OPERATOR = "millrace.error.operator";
    static final String REASON = "millrace.error.reason";
    static final String EXCEPTION = "__streams.errors.exception";
    static final String MESSAGE = "__streams.errors.message";

    static final String STACK_TRACE = "__streams.errors.stacktrace";

    /** What of the record is missing because the topic does not take so much; see {@link DeadLetter}. */
    static final String LEFT_OUT = "millrace.error.left.out";

    /** Of an exception's message; some quote the record. */
    private static final int MESSAGE_CHARS_MAX = 1024;

    private ErrorHeaders() {}

    /** Only ours. */
    static List<Header> of(RecordContext from, String operator, String reason, @Nullable Throwable cause) {
        List<Header> headers = new ArrayList<>();
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
            headers.add(text(MESSAGE, shortened(String.valueOf(cause.getMessage()))));
            headers.add(text(STACK_TRACE, stackTrace(cause)));
        }
        return headers;
    }

    private static String shortened(String text) {
        return text.length() <= MESSAGE_CHARS_MAX ? text : text.substring(0, MESSAGE_CHARS_MAX) + "…";
    }

    private static String stackTrace(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    static Header text(String name, String value) {
        return new Header(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
