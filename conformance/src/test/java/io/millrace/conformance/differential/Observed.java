package io.millrace.conformance.differential;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * An answer as lines {@code path = value}, elements of lists by what names them and not by their place. Without what may differ
 * from run to run: addresses, ids, the time of now, texts of errors.
 */
final class Observed {

    static final String CLOSED = "connection closed";

    /** Numbers that say nothing by themselves, so they stand among the symbols with the name of the field in front. */
    static final String PRODUCER_ID = "producerId";

    private static final Pattern MEMBER_ID = Pattern.compile("-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Told by each side in its own words, or by its own clock. */
    private static final Set<String> SIDES_OWN = Set.of(
            "throttleTimeMs",
            "errorMessage",
            "batchIndexErrorMessage",
            "host",
            "port",
            "clusterId",
            "rack",
            "next",
            "prev",
            "_unknownTaggedFields",
            "totalBytes",
            "transactionStartTimeMs",
            "usableBytes",
            "clientHost",
            "documentation",
            "logDir");

    private static final List<String> NAMES = List.of(
            "name",
            "topic",
            "topicName",
            "groupId",
            "group",
            "transactionalId",
            "partitionIndex",
            "partition",
            "index",
            "apiKey",
            "memberId",
            "key",
            "nodeId",
            "brokerId",
            "resourceName",
            "producerId",
            "batchIndex",
            "coordinatorKey",
            "topicId",
            "entityName");

    /** Empty where the topic is named by its id. */
    private static final Set<String> BESIDE_IDS = Set.of("name", "topic");

    private final Map<String, String> symbols;
    private final boolean isHidingIds;
    private final SortedMap<String, String> lines = new TreeMap<>();

    private Observed(Map<String, String> symbols, boolean isHidingIds) {
        this.symbols = symbols;
        this.isHidingIds = isHidingIds;
    }

    /** @param symbols what stands for values of this side's own, such as the ids of members */
    static SortedMap<String, String> of(ApiMessage answer, Map<String, String> symbols) {
        return of(answer, new Observed(symbols, true));
    }

    /** As it is, ids too. */
    static SortedMap<String, String> raw(ApiMessage answer) {
        return of(answer, new Observed(Map.of(), false));
    }

    private static SortedMap<String, String> of(ApiMessage answer, Observed observed) {
        try {
            observed.message("", answer);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        return observed.lines;
    }

    private void message(String path, Object message) throws IllegalAccessException {
        for (var field : message.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !SIDES_OWN.contains(field.getName())) {
                field.setAccessible(true);
                value(path.isEmpty() ? field.getName() : path + "." + field.getName(), field, field.get(message));
            }
        }
    }

    private void value(String path, Field field, Object value) throws IllegalAccessException {
        if (value instanceof MemoryRecords records) {
            records(path, records);
        } else if (value instanceof Collection<?> all) {
            elements(path, all);
        } else if (value instanceof Message one) {
            message(path, one);
        } else {
            lines.put(path, text(field.getName(), value));
        }
    }

    private void elements(String path, Collection<?> all) throws IllegalAccessException {
        var seen = new HashMap<String, Integer>();
        var place = 0;
        lines.put(path + ".size", Integer.toString(all.size()));
        for (var one : all) {
            var name = one instanceof Message ? name(one) : null;
            if (name == null) {
                name = Integer.toString(place);
            }
            place++;
            var times = seen.merge(name, 1, Integer::sum);
            var at = path + "[" + name + (times > 1 ? " again " + times : "") + "]";
            if (one instanceof Message inner) {
                message(at, inner);
            } else {
                lines.put(at, text("", one));
            }
        }
    }

    private String name(Object message) throws IllegalAccessException {
        for (var name : NAMES) {
            try {
                var field = message.getClass().getDeclaredField(name);
                field.setAccessible(true);
                var value = field.get(message);
                if (value != null && !(value.equals("") && BESIDE_IDS.contains(name))) {
                    return text(name, value);
                }
            } catch (NoSuchFieldException e) {
                continue;
            }
        }
        return null;
    }

    private String text(String name, Object value) {
        if (name.equals("errorCode") || name.equals("partitionErrorCode")) {
            return value + " " + Errors.forCode((Short) value);
        }
        if (name.equals("logAppendTimeMs") && (Long) value >= 0) {
            return "now";
        }
        if (value instanceof Uuid id && id.equals(Uuid.ZERO_UUID)) {
            return "no id";
        }
        if (name.equals(PRODUCER_ID) && isHidingIds) {
            return (Long) value < 0 ? value.toString() : symbols.getOrDefault(PRODUCER_ID + value, "a producer");
        }
        var text = value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
        return isHidingIds ? hideIds(value, text) : text;
    }

    private String hideIds(Object value, String text) {
        var known = symbols.get(text);
        return known != null
                ? known
                : value instanceof Uuid ? "an id" : MEMBER_ID.matcher(text).replaceAll("-(an id)");
    }

    private void records(String path, MemoryRecords records) {
        var count = 0;
        for (var batch : records.batches()) {
            var at = path + "{" + count++ + "}";
            lines.put(at, describe(batch));
            for (var record : batch) {
                lines.put(at + "#" + record.offset(), describe(batch, record));
            }
        }
    }

    private String describe(RecordBatch batch) {
        var isNow = batch.timestampType() == TimestampType.LOG_APPEND_TIME || batch.isControlBatch();
        return "offsets " + batch.baseOffset() + " to " + batch.lastOffset() + ", " + batch.compressionType().name
                + ", producer " + text(PRODUCER_ID, batch.producerId()) + " " + batch.producerEpoch() + " "
                + batch.baseSequence()
                + (batch.isTransactional() ? ", transactional" : "") + (batch.isControlBatch() ? ", control" : "")
                + ", leader epoch " + batch.partitionLeaderEpoch() + ", " + batch.timestampType().name + " "
                + (isNow ? "now" : batch.maxTimestamp()) + (batch.isValid() ? "" : ", its checksum is wrong");
    }

    private static String describe(RecordBatch batch, Record record) {
        var isNow = batch.timestampType() == TimestampType.LOG_APPEND_TIME || batch.isControlBatch();
        return string(record.key()) + " = " + string(record.value()) + " at " + (isNow ? "now" : record.timestamp())
                + ", " + record.headers().length + " headers";
    }

    private static String string(ByteBuffer bytes) {
        if (bytes == null) {
            return "null";
        }
        var text = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        return text.length() > 40 ? text.length() + " chars" : text.replaceAll("\\p{Cntrl}", "?");
    }
}
