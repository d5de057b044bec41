package io.millrace.streams.codec;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Values on a topic as they are in state, but with the types fixed beforehand:
 *
 * <pre>
 *   fingerprint of all types and their parts (4 bytes, big-endian) | the value, as {@link KryoValueCodec} writes it
 * </pre>
 */
final class KryoCodec<T> implements Codec<T> {

    private final Class<T> type;
    private final int fingerprint;
    private final ThreadLocal<KryoValueCodec> codecs;

    KryoCodec(Class<T> type, List<Class<?>> others) {
        this.type = type;
        Set<Class<?>> reachable = new LinkedHashSet<>();
        collect(type, reachable);
        others.forEach(other -> collect(other, reachable));
        TypeRegistry types = TypeRegistry.closed(type.getClassLoader(), new ArrayList<>(reachable));
        CRC32C crc = new CRC32C();
        types.entries().forEach(entry -> crc.update(entry.encode()));
        this.fingerprint = (int) crc.getValue();
        this.codecs = ThreadLocal.withInitial(() -> new KryoValueCodec(types));
    }

    @Override
    public String name() {
        return "kryo(" + type.getName() + "," + Integer.toHexString(fingerprint) + ")";
    }

    @Override
    public byte[] encode(T value) {
        byte[] body = codecs.get().encode(value);
        byte[] bytes = new byte[Integer.BYTES + body.length];
        BigEndian.putInt(bytes, 0, fingerprint);
        System.arraycopy(body, 0, bytes, Integer.BYTES, body.length);
        return bytes;
    }

    @Override
    public T decode(byte[] bytes, int offset, int length) {
        if (length < Integer.BYTES || BigEndian.getInt(bytes, offset) != fingerprint) {
            throw new TypeException("these " + length + " bytes were not written by " + name()
                    + "; the classes have changed, or the writer is another codec");
        }
        return type.cast(codecs.get().decode(Arrays.copyOfRange(bytes, offset + Integer.BYTES, offset + length)));
    }

    @Override
    public boolean isCanonical() {
        return false;
    }

    @Override
    public String toString() {
        return name();
    }

    /** The records, enums and members of sealed hierarchies that can be reached from a class by declaration. */
    private static void collect(Class<?> type, Set<Class<?>> reachable) {
        if (type.isPrimitive() || type.getName().startsWith("java.") || reachable.contains(type)) {
            return;
        }
        if (type.isArray()) {
            if (!type.getComponentType().isPrimitive() && type != String[].class && type != Object[].class) {
                reachable.add(type);
            }
            collect(type.getComponentType(), reachable);
            return;
        }
        if (type.isSealed()) {
            for (Class<?> member : type.getPermittedSubclasses()) {
                collect(member, reachable);
            }
        }
        if (type.isInterface() || JdkTypes.OWN.contains(type)) {
            return;
        }
        reachable.add(type);
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                collect(component.getType(), reachable);
            }
        }
    }
}
