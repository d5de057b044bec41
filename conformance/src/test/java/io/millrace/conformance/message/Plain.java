package io.millrace.conformance.message;

import io.millrace.record.wire.ByteSlice;
import io.millrace.record.wire.Message;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** A message of either side as maps, lists and boxed values, so that the two can be compared. */
final class Plain {

    private Plain() {}

    static Object of(Object value) throws ReflectiveOperationException {
        if (value instanceof Message || value instanceof org.apache.kafka.common.protocol.Message) {
            return fields(value);
        }
        if (value instanceof Collection<?> values) {
            List<Object> plain = new ArrayList<>();
            for (Object element : values) {
                plain.add(of(element));
            }
            return plain;
        }
        if (value instanceof ByteSlice slice) {
            return of(slice.copy());
        }
        if (value instanceof MemoryRecords records) {
            return of(records.buffer());
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return of(bytes);
        }
        if (value instanceof UUID uuid) {
            return new Uuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        }
        if (value != null && value.getClass().isArray()) {
            List<Object> plain = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                plain.add(Array.get(value, i));
            }
            return plain;
        }
        return value;
    }

    private static Map<String, Object> fields(Object message) throws ReflectiveOperationException {
        Map<String, Object> plain = new TreeMap<>();
        for (Field field : message.getClass().getDeclaredFields()) {
            boolean isOfKafkasOwn = field.getName().equals("_unknownTaggedFields")
                    || field.getName().equals("next")
                    || field.getName().equals("prev");
            if (!Modifier.isStatic(field.getModifiers()) && !isOfKafkasOwn) {
                field.setAccessible(true);
                plain.put(field.getName(), of(field.get(message)));
            }
        }
        return plain;
    }
}
