package io.millrace.streams.codec;

import io.millrace.streams.Windowed;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what {@link KeyWriter} wrote, one key at a time. Owned by one lane. */
final class KeyReader {

    private final TypeRegistry types;
    private final Map<Integer, Class<?>> classes = new HashMap<>();
    private final Map<Class<?>, RecordShape> shapes = new HashMap<>();
    private byte[] bytes = {};
    private int position;

    KeyReader(TypeRegistry types) {
        this.types = types;
    }

    Object read(byte[] key) {
        bytes = key;
        position = 0;
        try {
            Object value = readAny();
            if (value != null && position == key.length) {
                return value;
            }
        } catch (IndexOutOfBoundsException e) {
            throw notAKey(key, e);
        }
        throw notAKey(key, null);
    }

    private static TypeException notAKey(byte[] key, @Nullable Throwable cause) {
        String message = "these " + key.length + " bytes are not a key in state";
        return cause == null ? new TypeException(message) : new TypeException(message, cause);
    }

    private @Nullable Object readAny() {
        int tag = bytes[position++];
        return switch (tag) {
            case KeyTag.NULL -> null;
            case KeyTag.FALSE -> false;
            case KeyTag.TRUE -> true;
            case KeyTag.BYTE -> (byte) (int32() ^ Integer.MIN_VALUE);
            case KeyTag.SHORT -> (short) (int32() ^ Integer.MIN_VALUE);
            case KeyTag.INT -> int32() ^ Integer.MIN_VALUE;
            case KeyTag.LONG -> signed();
            case KeyTag.CHAR -> (char) (int32() ^ Integer.MIN_VALUE);
            case KeyTag.FLOAT -> readFloat();
            case KeyTag.DOUBLE -> readDouble();
            case KeyTag.STRING -> readText();
            case KeyTag.BYTES -> unescaped();
            case KeyTag.UUID -> new UUID(signed(), signed());
            case KeyTag.INSTANT -> Instant.ofEpochSecond(signed(), int32());
            case KeyTag.LOCAL_DATE -> LocalDate.ofEpochDay(signed());
            case KeyTag.LOCAL_DATE_TIME ->
                LocalDateTime.of(LocalDate.ofEpochDay(signed()), LocalTime.ofNanoOfDay(int64()));
            case KeyTag.DURATION -> Duration.ofSeconds(signed(), int32());
            case KeyTag.ENUM -> readEnum();
            case KeyTag.RECORD -> readRecord();
            case KeyTag.WINDOWED -> readWindowed();
            case KeyTag.LIST -> readList();
            default -> throw new TypeException("no key in state begins with the byte " + tag);
        };
    }

    private Windowed<?> readWindowed() {
        Object key = readAny();
        if (key == null) {
            throw new TypeException("a windowed key in state has no inner key");
        }
        return new Windowed<>(key, signed(), signed());
    }

    private List<@Nullable Object> readList() {
        List<@Nullable Object> list = new ArrayList<>();
        while (bytes[position] != KeyTag.END) {
            list.add(readAny());
        }
        position++;
        return Collections.unmodifiableList(list);
    }

    private Object readRecord() {
        Class<?> type = readType();
        RecordShape shape = shapes.computeIfAbsent(type, RecordShape::of);
        @Nullable Object[] values = new Object[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = readAny();
        }
        return shape.create(values);
    }

    private Object readEnum() {
        Class<?> type = readType();
        String name = readText();
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new TypeException("a key in state is " + name + " of " + type.getName()
                + ", which has no such constant any more. Bring it back, or reset the job");
    }

    private Class<?> readType() {
        return classes.computeIfAbsent(int32(), id -> types.keyClass(types.entry(id)));
    }

    // ---- primitives

    private float readFloat() {
        int sorted = int32();
        return Float.intBitsToFloat(sorted ^ (~sorted >> 31 | Integer.MIN_VALUE));
    }

    private double readDouble() {
        long sorted = int64();
        return Double.longBitsToDouble(sorted ^ (~sorted >> 63 | Long.MIN_VALUE));
    }

    private int int32() {
        int value = BigEndian.getInt(bytes, position);
        position += Integer.BYTES;
        return value;
    }

    private long int64() {
        long value = BigEndian.getLong(bytes, position);
        position += Long.BYTES;
        return value;
    }

    private long signed() {
        return int64() ^ Long.MIN_VALUE;
    }

    private String readText() {
        int start = position;
        boolean escaped = skipToEnd();
        if (!escaped) {
            return KeyText.read(bytes, start, position - 2 - start);
        }
        position = start;
        byte[] plain = unescaped();
        return KeyText.read(plain, 0, plain.length);
    }

    /** Moves behind the 00 00 that ends text and bytes; whether there is an escaped zero before it. */
    private boolean skipToEnd() {
        boolean escaped = false;
        while (bytes[position] != 0 || bytes[position + 1] != 0) {
            if (bytes[position] == 0) {
                escaped = true;
                position++;
            }
            position++;
        }
        position += 2;
        return escaped;
    }

    private byte[] unescaped() {
        int start = position;
        skipToEnd();
        KeyBuffer plain = new KeyBuffer();
        for (int i = start; i < position - 2; i++) {
            plain.put(bytes[i]);
            if (bytes[i] == 0) {
                i++;
            }
        }
        return plain.toBytes();
    }
}
