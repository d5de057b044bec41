package io.millrace.conformance.message;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Locale;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Kafka's message classes: filled at random as the schema of a version allows, encoded and decoded. */
final class KafkaMessages {

    private static final int ELEMENTS_MAX = 4;

    private final Random random;

    KafkaMessages(Random random) {
        this.random = random;
    }

    static byte[] encode(Message message, short version) {
        ByteBuffer buffer = MessageUtil.toByteBufferAccessor(message, version).buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    static Message decode(Class<?> type, byte[] bytes, short version) throws ReflectiveOperationException {
        Message message = (Message) create(type);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        message.read(new ByteBufferAccessor(buffer), version);
        if (buffer.hasRemaining()) {
            throw new AssertionError(buffer.remaining() + " bytes left over");
        }
        return message;
    }

    static Schema[] schemas(Class<?> type) throws ReflectiveOperationException {
        return (Schema[]) type.getField("SCHEMAS").get(null);
    }

    Object random(Class<?> type, Schema schema) throws ReflectiveOperationException {
        Object message = create(type);
        for (BoundField field : schema.fields()) {
            if (field.def.type instanceof TaggedFields tagged) {
                for (org.apache.kafka.common.protocol.types.Field one :
                        tagged.fields().values()) {
                    if (random.nextBoolean()) {
                        set(message, one);
                    }
                }
            } else {
                set(message, field.def);
            }
        }
        return message;
    }

    private static Object create(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private void set(Object message, org.apache.kafka.common.protocol.types.Field definition)
            throws ReflectiveOperationException {
        Field field = field(message.getClass(), definition.name);
        boolean isNull = definition.type.isNullable() && random.nextInt(4) == 0;
        field.set(message, isNull ? null : value(field.getGenericType(), definition.type));
    }

    private static Field field(Class<?> type, String schemaName) {
        for (Field field : type.getDeclaredFields()) {
            boolean instance = !Modifier.isStatic(field.getModifiers());
            if (instance && field.getName().toLowerCase(Locale.ROOT).equals(schemaName.replace("_", ""))) {
                field.setAccessible(true);
                return field;
            }
        }
        throw new AssertionError("no field for " + schemaName + " in " + type);
    }

    private Object value(Type type, org.apache.kafka.common.protocol.types.Type definition)
            throws ReflectiveOperationException {
        if (definition.isArray()) {
            return array(type, definition.arrayElementType().orElseThrow());
        }
        if (definition instanceof Schema schema) {
            return random((Class<?>) type, schema);
        }
        boolean unsigned = definition == org.apache.kafka.common.protocol.types.Type.UINT16
                || definition == org.apache.kafka.common.protocol.types.Type.UNSIGNED_INT32;
        return switch (((Class<?>) type).getSimpleName()) {
            case "boolean" -> random.nextBoolean();
            case "byte", "Byte" -> (byte) random.nextInt();
            case "short", "Short" -> (short) random.nextInt();
            case "int", "Integer" -> unsigned ? random.nextInt(1 << 16) : random.nextInt() >> random.nextInt(32);
            case "long", "Long" -> unsigned ? random.nextLong() >>> 32 : random.nextLong() >> random.nextInt(64);
            case "double" -> random.nextDouble();
            case "String" -> string();
            case "Uuid" -> new Uuid(random.nextLong(), random.nextLong());
            case "byte[]" -> bytes();
            case "ByteBuffer" -> ByteBuffer.wrap(bytes());
            case "BaseRecords" -> MemoryRecords.readableRecords(ByteBuffer.wrap(bytes()));
            default -> throw new AssertionError("no values for " + type);
        };
    }

    private Object array(Type type, org.apache.kafka.common.protocol.types.Type element)
            throws ReflectiveOperationException {
        int count = random.nextInt(ELEMENTS_MAX + 1);
        if (type == byte[].class) {
            return bytes();
        }
        Collection<Object> values = collection(type);
        Type elementType = elementType(type);
        for (int i = 0; i < count; i++) {
            values.add(value(elementType, element));
        }
        return values;
    }

    @SuppressWarnings("unchecked")
    private static Collection<Object> collection(Type type) throws ReflectiveOperationException {
        return type instanceof ParameterizedType ? new ArrayList<>() : (Collection<Object>) create((Class<?>) type);
    }

    /** Of a list, or of a class that extends a collection of one element type. */
    private static Type elementType(Type type) {
        Type generic = type instanceof ParameterizedType ? type : ((Class<?>) type).getGenericSuperclass();
        return ((ParameterizedType) generic).getActualTypeArguments()[0];
    }

    private String string() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(random.nextInt(10) == 0 ? '\u00fc' : (char) ('a' + random.nextInt(26)));
        }
        return text.append(random.nextInt(100_000)).toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }
}
