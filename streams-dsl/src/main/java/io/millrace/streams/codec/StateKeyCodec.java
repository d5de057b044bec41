package io.millrace.streams.codec;

import io.millrace.store.KeyCodec;
import io.millrace.streams.Windowed;
import java.util.UUID;

/**
 * Keys in state, of any type a key can have: canonical, in order, and none the beginning of another. Also knows the bytes that
 * choose a key's shard, which are those the codec at the edge would write. Owned by one lane.
 *
 * <p>The types of keys must not change: a record that has gained or lost a component is refused as a key.
 */
public final class StateKeyCodec implements KeyCodec<Object> {

    private final KeyWriter stored;
    private final KeyWriter untyped;
    private final KeyReader reader;
    private final KeyBuffer buffer = new KeyBuffer();

    public StateKeyCodec(TypeRegistry types) {
        this.stored = new KeyWriter(types, true);
        this.untyped = new KeyWriter(types, false);
        this.reader = new KeyReader(types);
    }

    /** @throws TypeException if the key is, or contains, something of a type that keys cannot have */
    @Override
    public byte[] encode(Object key) {
        buffer.clear();
        stored.write(buffer, key);
        return buffer.toBytes();
    }

    @Override
    public byte[] encode(Object key, int freeBefore, int freeBehind) {
        buffer.clear();
        stored.write(buffer, key);
        return buffer.toBytes(freeBefore, freeBehind);
    }

    /** @throws TypeException if these are not the bytes of a key */
    @Override
    public Object decode(byte[] bytes) {
        return reader.read(bytes);
    }

    /**
     * The bytes whose hash chooses the shard: of a String its UTF-8, of a Long its eight bytes, and so on as in {@link Codecs}, of
     * a windowed key those of its inner key, of anything else its components in order.
     */
    public byte[] partitionBytes(Object key) {
        writePartitionBytes(key);
        return buffer.toBytes();
    }

    /** The shard of a key, 0 to {@code partitionCount} - 1. Allocates nothing for text and numbers. */
    public int partition(Object key, int partitionCount) {
        writePartitionBytes(key);
        return KeyPartitioner.partition(buffer.array(), buffer.length(), partitionCount);
    }

    private void writePartitionBytes(Object key) {
        Object inner = key;
        while (inner instanceof Windowed<?> windowed) {
            inner = windowed.key();
        }
        buffer.clear();
        if (inner instanceof String text) {
            KeyText.write(buffer, text, false);
        } else if (inner instanceof Long number) {
            buffer.putLong(number);
        } else if (inner instanceof Integer number) {
            buffer.putInt(number);
        } else if (inner instanceof Double number) {
            buffer.putLong(Double.doubleToLongBits(number));
        } else if (inner instanceof byte[] bytes) {
            buffer.put(bytes);
        } else if (inner instanceof UUID uuid) {
            KeyText.write(buffer, uuid.toString(), false);
        } else {
            untyped.write(buffer, inner);
        }
    }
}
