package io.millrace.streams.codec;

/** MurmurHash2 by Austin Appleby, 32 bits, with the seed that Kafka's default partitioner uses. */
final class Murmur2 {

    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;

    private Murmur2() {}

    static int hash(byte[] bytes, int offset, int length) {
        int hash = SEED ^ length;
        int end = offset + (length & ~3);
        for (int i = offset; i < end; i += 4) {
            int word = Integer.reverseBytes(BigEndian.getInt(bytes, i)) * MULTIPLIER;
            word ^= word >>> 24;
            hash = hash * MULTIPLIER ^ word * MULTIPLIER;
        }
        int rest = length & 3;
        if (rest > 0) {
            for (int i = rest - 1; i >= 0; i--) {
                hash ^= (bytes[end + i] & 0xff) << (8 * i);
            }
            hash *= MULTIPLIER;
        }
        hash ^= hash >>> 13;
        hash *= MULTIPLIER;
        return hash ^ hash >>> 15;
    }
}
