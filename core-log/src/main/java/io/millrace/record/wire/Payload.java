package io.millrace.record.wire;

/**
 * Bytes within a message that need not be copied to be sent, such as the records of a fetch. Immutable; for any thread.
 *
 * <p>A {@link ByteWriter} that detaches leaves them where they are; any other one copies them.
 */
public interface Payload {

    /** In bytes. */
    int size();

    /** Appends the bytes themselves, without their size. */
    void copyTo(ByteWriter out);
}
