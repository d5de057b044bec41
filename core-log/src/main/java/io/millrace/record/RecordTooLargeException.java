package io.millrace.record;

/** One record alone would make a batch larger than the limit. Nothing was written; the builder is as it was. */
public final class RecordTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long sizeInBytes;
    private final int limitInBytes;

    RecordTooLargeException(long sizeInBytes, int limitInBytes) {
        super("a batch holding only this record has " + sizeInBytes + " bytes, the limit is " + limitInBytes
                + " (max.message.bytes of the topic, or max.request.size of the producer)");
        this.sizeInBytes = sizeInBytes;
        this.limitInBytes = limitInBytes;
    }

    /** Size, in bytes before compression, of the batch that would hold only this record. */
    public long sizeInBytes() {
        return sizeInBytes;
    }

    /** The limit that size exceeds, in bytes. */
    public int limitInBytes() {
        return limitInBytes;
    }
}
