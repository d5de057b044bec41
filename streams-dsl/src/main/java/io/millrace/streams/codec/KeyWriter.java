package io.millrace.streams.codec;

import io.millrace.streams.Windowed;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes keys so that the unsigned order of the bytes is the order of the keys, and no key is the beginning of another.
 *
 * <pre>
 *   tag (1) | whole numbers: big-endian, sign bit flipped
 *           | float, double: IEEE bits, sign bit flipped if positive, all bits if negative
 *           | text, bytes: the bytes with 00 written as 00 ff, then 00 00
 *           | UUID, times: their numbers
 *           | enum: type id (4), name as text        record: type id (4), components
 *           | windowed: key, start, end              list: elements, then END
 * </pre>
 */
final class KeyWriter {

    private final TypeRegistry types;
    private final boolean withTypeIds;
    private final Map<Class<?>, Integer> ids = new HashMap<>();
    private final Map<Class<?>, RecordKeys> records = new HashMap<>();

    /** Keys come in runs of one class. */
    private @Nullable RecordKeys last;

    private record RecordKeys(Class<?> type, int id, RecordShape shape) {}

    /** Without type ids the bytes do not depend on the order in which a job met its types; they cannot be read back. */
    KeyWriter(TypeRegistry types, boolean withTypeIds) {
        this.types = types;
        this.withTypeIds = withTypeIds;
    }

    void write(KeyBuffer out, @Nullable Object key) {
        if (key instanceof String text) {
            out.put(KeyTag.STRING);
            KeyText.write(out, text, true);
            out.put(0);
            out.put(0);
        } else if (key instanceof Long number) {
            writeLong(out, number);
        } else if (key instanceof Integer number) {
            writeInt(out, number);
        } else if (key instanceof Windowed<?> windowed) {
            out.put(KeyTag.WINDOWED);
            write(out, windowed.key());
            out.putLong(windowed.startMs() ^ Long.MIN_VALUE);
            out.putLong(windowed.endMs() ^ Long.MIN_VALUE);
        } else if (key instanceof Record record) {
            writeRecord(out, record);
        } else if (key instanceof Enum<?> constant) {
            out.put(KeyTag.ENUM);
            writeTypeId(out, constant.getDeclaringClass());
            KeyText.write(out, constant.name(), true);
            out.put(0);
            out.put(0);
        } else {
            writeRare(out, key);
        }
    }

    private void writeRecord(KeyBuffer out, Record record) {
        RecordKeys keys = last;
        if (keys == null || keys.type() != record.getClass()) {
            keys = records(record.getClass());
            last = keys;
        }
        out.put(KeyTag.RECORD);
        if (withTypeIds) {
            out.putInt(keys.id());
        }
        RecordShape shape = keys.shape();
        for (int i = 0; i < shape.size(); i++) {
            if (shape.type(i) == long.class) {
                writeLong(out, shape.longAt(i, record));
            } else if (shape.type(i) == int.class) {
                writeInt(out, shape.intAt(i, record));
            } else {
                write(out, shape.object(i, record));
            }
        }
    }

    private RecordKeys records(Class<?> type) {
        RecordKeys known = records.get(type);
        if (known == null) {
            known = new RecordKeys(type, withTypeIds ? types.id(type, true) : 0, RecordShape.of(type));
            records.put(type, known);
        }
        return known;
    }

    private static void writeLong(KeyBuffer out, long number) {
        out.put(KeyTag.LONG);
        out.putLong(number ^ Long.MIN_VALUE);
    }

    private static void writeInt(KeyBuffer out, int number) {
        out.put(KeyTag.INT);
        out.putInt(number ^ Integer.MIN_VALUE);
    }

    private void writeTypeId(KeyBuffer out, Class<?> type) {
        if (withTypeIds) {
            Integer id = ids.get(type);
            if (id == null) {
                id = types.id(type, true);
                ids.put(type, id);
            }
            out.putInt(id);
        }
    }

    private void writeRare(KeyBuffer out, @Nullable Object key) {
        if (key == null) {
            out.put(KeyTag.NULL);
        } else if (key instanceof Boolean flag) {
            out.put(flag ? KeyTag.TRUE : KeyTag.FALSE);
        } else if (key instanceof Double number) {
            out.put(KeyTag.DOUBLE);
            long bits = Double.doubleToLongBits(number);
            out.putLong(bits ^ (bits >> 63 | Long.MIN_VALUE));
        } else if (key instanceof UUID uuid) {
            out.put(KeyTag.UUID);
            out.putLong(uuid.getMostSignificantBits() ^ Long.MIN_VALUE);
            out.putLong(uuid.getLeastSignificantBits() ^ Long.MIN_VALUE);
        } else if (key instanceof byte[] bytes) {
            writeBytes(out, bytes);
        } else if (key instanceof List<?> list) {
            out.put(KeyTag.LIST);
            list.forEach(element -> write(out, element));
            out.put(KeyTag.END);
        } else if (!writeSmall(out, key) && !writeTime(out, key)) {
            throw new TypeException(
                    "a key in state cannot contain a " + key.getClass().getName()
                            + ". Use String, byte[], a boxed number, Boolean, UUID, Instant, LocalDate, LocalDateTime, Duration, an enum,"
                            + " or a record or list of these");
        }
    }

    private static void writeBytes(KeyBuffer out, byte[] bytes) {
        out.put(KeyTag.BYTES);
        for (byte b : bytes) {
            out.put(b);
            if (b == 0) {
                out.put(0xff);
            }
        }
        out.put(0);
        out.put(0);
    }

    private static boolean writeSmall(KeyBuffer out, Object key) {
        if (key instanceof Short number) {
            out.put(KeyTag.SHORT);
            out.putInt(number ^ Integer.MIN_VALUE);
        } else if (key instanceof Byte number) {
            out.put(KeyTag.BYTE);
            out.putInt(number ^ Integer.MIN_VALUE);
        } else if (key instanceof Character c) {
            out.put(KeyTag.CHAR);
            out.putInt(c ^ Integer.MIN_VALUE);
        } else if (key instanceof Float number) {
            out.put(KeyTag.FLOAT);
            int bits = Float.floatToIntBits(number);
            out.putInt(bits ^ (bits >> 31 | Integer.MIN_VALUE));
        } else {
            return false;
        }
        return true;
    }

    private static boolean writeTime(KeyBuffer out, Object key) {
        if (key instanceof Instant instant) {
            out.put(KeyTag.INSTANT);
            out.putLong(instant.getEpochSecond() ^ Long.MIN_VALUE);
            out.putInt(instant.getNano());
        } else if (key instanceof LocalDate date) {
            out.put(KeyTag.LOCAL_DATE);
            out.putLong(date.toEpochDay() ^ Long.MIN_VALUE);
        } else if (key instanceof LocalDateTime time) {
            out.put(KeyTag.LOCAL_DATE_TIME);
            out.putLong(time.toLocalDate().toEpochDay() ^ Long.MIN_VALUE);
            out.putLong(time.toLocalTime().toNanoOfDay());
        } else if (key instanceof Duration duration) {
            out.put(KeyTag.DURATION);
            out.putLong(duration.getSeconds() ^ Long.MIN_VALUE);
            out.putInt(duration.getNano());
        } else {
            return false;
        }
        return true;
    }
}
