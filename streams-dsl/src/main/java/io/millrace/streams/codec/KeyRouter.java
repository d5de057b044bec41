package io.millrace.streams.codec;

import org.jspecify.annotations.Nullable;

/**
 * Finds the shard or partition of keys for one exchange, sink or query. Owned by one lane: records without a key take the
 * partitions in turn, and it counts them.
 */
public final class KeyRouter {

    private final @Nullable Codec<Object> codec;
    private final StateKeyCodec canonical;
    private final int partitionCount;
    private long keylessCount;

    /**
     * @param codec whose bytes choose, null for the canonical ones
     * @param canonical the lane's
     */
    @SuppressWarnings("unchecked") // the plan gives a codec only to keys of its type
    public KeyRouter(@Nullable Codec<?> codec, StateKeyCodec canonical, int partitionCount) {
        this.codec = codec == null || Codecs.isCanonicalForm(codec) ? null : (Codec<Object>) codec;
        this.canonical = canonical;
        this.partitionCount = partitionCount;
    }

    /** 0 to partitionCount - 1. */
    public int partition(@Nullable Object key) {
        if (key == null) {
            return (int) (keylessCount++ % partitionCount);
        }
        if (codec == null) {
            return canonical.partition(key, partitionCount);
        }
        byte[] bytes = codec.encode(key);
        return KeyPartitioner.partition(bytes, codec.partitionLength(bytes), partitionCount);
    }
}
