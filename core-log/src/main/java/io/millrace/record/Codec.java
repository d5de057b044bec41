package io.millrace.record;

/** Compresses and decompresses the records of a batch; reusable, for one owner. */
interface Codec {

    /** Appends the compressed form of the source to the target. */
    void compress(byte[] source, int position, int size, ByteStore target);

    /**
     * Appends the original bytes to the target, at most up to the target's limit.
     *
     * @throws CorruptBatchException if the source is malformed or yields more than the limit
     */
    void decompress(byte[] source, int position, int size, ByteStore target);
}
