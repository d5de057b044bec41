package io.millrace.streams.codec;

import org.jspecify.annotations.Nullable;

/**
 * Which partition, and so which shard, owns a key: Kafka's default partitioner over the key's bytes. The same function for
 * topics, exchanges and queries.
 *
 * <p>Records without a key take the partitions in turn. Whoever routes counts them; so the same input in the same order goes
 * the same way.
 */
public final class KeyPartitioner {

    private KeyPartitioner() {}

    /**
     * @param codec that made the bytes
     * @param key encoded, null for none
     * @param keylessCount how many records without a key have been routed before
     */
    public static int partition(Codec<?> codec, byte @Nullable [] key, long keylessCount, int partitionCount) {
        return key == null
                ? (int) (keylessCount % partitionCount)
                : partition(key, codec.partitionLength(key), partitionCount);
    }

    /** The partition of a key by its leading {@code length} bytes. */
    public static int partition(byte[] key, int length, int partitionCount) {
        return (Murmur2.hash(key, 0, length) & 0x7fffffff) % partitionCount;
    }
}
