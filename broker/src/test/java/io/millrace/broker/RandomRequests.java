package io.millrace.broker;

import io.millrace.broker.message.RequestHeader;
import io.millrace.record.Compression;
import io.millrace.record.wire.ByteSlice;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.Message;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Requests of every class and version that are served, filled at random as their schemas allow, with names and numbers that
 * mean something here, and the same damaged in various ways.
 */
public final class RandomRequests {

    private static final int ELEMENTS_MAX = 3;
    private static final String[] NAMES = {"flights", "delays", "", "nobody", "__consumer_offsets", "a b", "range"};
    private static final long[] NUMBERS = {0, 1, 2, -1, -2, 3, 100, 5_000, 1_700_000_000_000L};
    private static final int[] LENGTHS = {-1, -2, 0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 100 << 20
    };

    /** Of a batch: where its checksum is, and from where on it covers the bytes. */
    private static final int CRC_AT = 17;

    private static final int CRC_FROM = 21;

    private final Random random;
    private final List<Api<?>> apis;
    private final List<UUID> topicIds;

    public RandomRequests(long seed, Iterable<Api<?>> apis, List<UUID> topicIds) {
        this.random = new Random(seed);
        this.apis = new ArrayList<>();
        apis.forEach(this.apis::add);
        this.topicIds = topicIds;
    }

    /** A frame, without its length: mostly a request that was whole once. */
    public byte[] next() {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return noise();
        }
        byte[] whole = request();
        return switch (kind) {
            case 1, 2 -> whole;
            case 3, 4 -> cutShort(whole);
            case 5, 6 -> inflated(whole);
            default -> flipped(whole);
        };
    }

    /** Some request that its schema allows. */
    public byte[] request() {
        Api<?> api = apis.get(random.nextInt(apis.size()));
        short version = (short) (api.lowest() + random.nextInt(api.highest() - api.lowest() + 1));
        return request(api, version);
    }

    public byte[] request(Api<?> api, short version) {
        ByteWriter out = new ByteWriter();
        new RequestHeader()
                .requestApiKey(api.key())
                .requestApiVersion(version)
                .correlationId(random.nextInt())
                .clientId("fuzz")
                .write(out, (short) (api.isFlexible(version) ? 2 : 1));
        Message body = create("io.millrace.broker.message." + api.name() + "Request");
        fill(body, version);
        body.write(out, version);
        return out.toByteArray();
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] cutShort(byte[] whole) {
        byte[] part = new byte[random.nextInt(whole.length + 20)];
        System.arraycopy(whole, 0, part, 0, Math.min(whole.length, part.length));
        return part;
    }

    private byte[] flipped(byte[] whole) {
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            int at = random.nextInt(whole.length);
            whole[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (whole[at] ^ 1 << random.nextInt(8));
        }
        return whole;
    }

    /** Lengths that are not there: of an array, of a string, as a varint. */
    private byte[] inflated(byte[] whole) {
        int length = LENGTHS[random.nextInt(LENGTHS.length)];
        int bytes = 1 << random.nextInt(3);
        int at = random.nextInt(whole.length);
        for (int i = 0; i < bytes && at + i < whole.length; i++) {
            whole[at + i] = (byte) (length >>> 8 * (bytes - 1 - i));
        }
        return whole;
    }

    private static Message create(String name) {
        try {
            return (Message) Class.forName(name).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("no message " + name, e);
        }
    }

    /** Sets each field that the version has; one that it has not keeps its default. */
    private void fill(Message message, short version) {
        for (Field field : message.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            try {
                field.setAccessible(true);
                Object before = field.get(message);
                set(message, field, value(field.getGenericType(), version));
                if (!isEncodable(message, version)) {
                    set(message, field, before);
                }
            } catch (ReflectiveOperationException e) {
                throw new AssertionError("field " + field, e);
            }
        }
    }

    private static void set(Message message, Field field, Object value) throws ReflectiveOperationException {
        Method setter = message.getClass().getMethod(field.getName(), field.getType());
        setter.invoke(message, value);
    }

    private static boolean isEncodable(Message message, short version) {
        try {
            message.write(new ByteWriter(), version);
            return true;
        } catch (IllegalArgumentException | NullPointerException e) {
            return false;
        }
    }

    private Object value(Type type, short version) {
        if (type instanceof ParameterizedType list) {
            List<Object> values = new ArrayList<>();
            for (int i = random.nextInt(ELEMENTS_MAX); i >= 0; i--) {
                values.add(value(list.getActualTypeArguments()[0], version));
            }
            return values;
        }
        Class<?> raw = (Class<?>) type;
        if (Message.class.isAssignableFrom(raw)) {
            Message struct = create(raw.getName());
            fill(struct, version);
            return struct;
        }
        long number = random.nextInt(8) == 0
                ? random.nextLong() >> random.nextInt(64)
                : NUMBERS[random.nextInt(NUMBERS.length)];
        return switch (raw.getSimpleName()) {
            case "boolean" -> random.nextBoolean();
            case "byte" -> (byte) number;
            case "short" -> (short) number;
            case "int" -> (int) number;
            case "long" -> number;
            case "double" -> (double) number;
            case "String" -> NAMES[random.nextInt(NAMES.length)];
            case "UUID" -> topicIds.get(random.nextInt(topicIds.size()));
            case "byte[]" -> noise();
            case "int[]" -> new int[] {(int) number, 0, 1};
            case "short[]" -> new short[] {(short) number};
            case "long[]" -> new long[] {number};
            case "ByteSlice" -> ByteSlice.of(records());
            default -> throw new AssertionError("no values for " + type);
        };
    }

    /** One batch, sometimes damaged, and then sometimes with a checksum that is right all the same. */
    private byte[] records() {
        Compression[] codecs = Compression.values();
        var batch = SteppedBroker.batch(random.nextInt(200), codecs[random.nextInt(codecs.length)]);
        byte[] bytes = new ByteSlice(batch.bytes(), batch.position(), batch.sizeInBytes()).copy();
        if (random.nextInt(3) > 0) {
            return bytes;
        }
        byte[] damaged = flipped(bytes);
        if (random.nextBoolean()) {
            CRC32C crc = new CRC32C();
            crc.update(damaged, CRC_FROM, damaged.length - CRC_FROM);
            ByteBuffer.wrap(damaged).putInt(CRC_AT, (int) crc.getValue());
        }
        return damaged;
    }
}
