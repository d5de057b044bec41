package io.millrace.streams.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import io.millrace.store.ValueCodec;
import java.util.Arrays;
import org.objenesis.strategy.StdInstantiatorStrategy;

/**
 * Values in state and between shards: Kryo with registered classes, whose ids a {@link TypeRegistry} assigns. Owned by one lane.
 *
 * <pre>
 *   type id + 2 (varint) | the value as its type's layout says
 * </pre>
 */
public final class KryoValueCodec implements ValueCodec<Object> {

    /** The type id of Long plus 2, as Kryo writes it: counts are too frequent to look it up. */
    private static final byte LONG = 9;

    /** The same of byte[], which Kryo would copy once more. */
    private static final byte BYTES = 12;

    private static final int BUFFER_BYTES = 256;

    /** Kryo's own bound for arrays. A larger value is an error. */
    private static final int VALUE_BYTES_MAX = Integer.MAX_VALUE - 8;

    static {
        // Kryo would call sun.misc.Unsafe, of which newer JDKs warn on the console. It is not needed.
        if (System.getProperty("kryo.unsafe") == null) {
            System.setProperty("kryo.unsafe", "false");
        }
    }

    private final Immutability immutability = new Immutability();
    private final Kryo kryo;
    private final Output output = new Output(BUFFER_BYTES, VALUE_BYTES_MAX);
    private final Input input = new Input();

    public KryoValueCodec(TypeRegistry types) {
        RegistryResolver resolver = new RegistryResolver(types, immutability);
        kryo = new Kryo(resolver, null);
        kryo.setReferences(false);
        kryo.setCopyReferences(false);
        kryo.setRegistrationRequired(true);
        kryo.setInstantiatorStrategy(new DefaultInstantiatorStrategy(new StdInstantiatorStrategy()));
        JdkTypes.register(kryo, immutability);
        resolver.setReady();
    }

    /** @throws TypeException if the value, or something in it, is of a class that state cannot hold */
    @Override
    public byte[] encode(Object value) {
        output.reset();
        if (value instanceof Long number) {
            output.writeByte(LONG);
            output.writeVarLong(number, false);
            return output.toBytes();
        }
        if (value instanceof byte[] content) {
            return encodedBytes(content);
        }
        try {
            kryo.writeClassAndObject(output, value);
        } catch (RuntimeException e) {
            throw explained("cannot write a " + value.getClass().getName(), e);
        }
        return output.toBytes();
    }

    /** @throws TypeException if the bytes are of a type that is not known, or of none at all */
    @Override
    public Object decode(byte[] bytes) {
        input.setBuffer(bytes);
        Object value;
        try {
            value = switch (bytes.length == 0 ? 0 : bytes[0]) {
                case LONG -> readLong();
                case BYTES -> readBytes();
                default -> kryo.readClassAndObject(input);
            };
        } catch (RuntimeException e) {
            throw explained(
                    "cannot read " + bytes.length + " bytes, beginning with "
                            + Arrays.toString(Arrays.copyOf(bytes, Math.min(bytes.length, 8))),
                    e);
        }
        if (value == null || input.position() != bytes.length) {
            throw new TypeException(
                    "these " + bytes.length + " bytes are not one value; " + input.position() + " were read");
        }
        return value;
    }

    /** The type, the length plus 1, the bytes. */
    private byte[] encodedBytes(byte[] content) {
        output.writeByte(BYTES);
        output.writeVarInt(content.length + 1, true);
        int start = output.position();
        byte[] bytes = new byte[start + content.length];
        System.arraycopy(output.getBuffer(), 0, bytes, 0, start);
        System.arraycopy(content, 0, bytes, start, content.length);
        return bytes;
    }

    private Object readBytes() {
        input.skip(1);
        return input.readBytes(input.readVarInt(true) - 1);
    }

    private Object readLong() {
        input.skip(1);
        return input.readVarLong(false);
    }

    @Override
    public Object copy(Object value) {
        if (immutability.isImmutable(value.getClass())) {
            return value;
        }
        try {
            return kryo.copy(value);
        } catch (RuntimeException e) {
            throw explained("cannot copy a " + value.getClass().getName(), e);
        }
    }

    /** Kryo wraps what its serializers throw; the sentence inside is the one to show. */
    private static RuntimeException explained(String what, RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TypeException type) {
                return type;
            }
        }
        return failure instanceof KryoException ? new TypeException("state " + what, failure) : failure;
    }
}
