package io.millrace.record;

import static io.millrace.record.BatchLayout.PREFIX_BYTES;
import static io.millrace.record.BatchLayout.intAt;

import org.jspecify.annotations.Nullable;

/**
 * What a producer sent for one partition: one batch of version 2, or something that is not one. Which of the two ways it is wrong
 * follows Kafka, since clients ask again after the one and give up after the other.
 */
public sealed interface ProducedRecords {

    /** As it should be. Bytes behind the batch that are too few for another one are of no interest. */
    record One(RecordBatch batch) implements ProducedRecords {}

    /** Bytes were damaged on the way, or these are none of a batch. */
    record Corrupt(String message) implements ProducedRecords {}

    /**
     * The bytes are as the producer meant them, and still not one batch of version 2.
     *
     * @param contradicts whether there is one whole batch, whose header cannot be right
     */
    record Invalid(String message, boolean contradicts) implements ProducedRecords {}

    /** The smallest length that a batch of any version has, in bytes after its size. */
    int LENGTH_MIN = 14;

    /** Up to here every version has the same fields, in bytes. */
    int COMMON_BYTES = BatchLayout.MAGIC + 1;

    /** What lies in {@code size} bytes from the position on, which must be in the array. */
    static ProducedRecords read(byte[] bytes, int position, int size) {
        ProducedRecords wrong = framing(bytes, position, size);
        if (wrong != null) {
            return wrong;
        }
        int first = PREFIX_BYTES + intAt(bytes, position + BatchLayout.LENGTH);
        if (first > size || size < COMMON_BYTES) {
            return new Invalid("there is no whole batch in " + size + " bytes", false);
        }
        if (bytes[position + BatchLayout.MAGIC] != BatchLayout.MAGIC_V2) {
            return new Invalid(
                    "a batch has magic " + bytes[position + BatchLayout.MAGIC] + ", it must be " + BatchLayout.MAGIC_V2,
                    false);
        }
        if (first < RecordBatch.HEADER_BYTES) {
            return new Corrupt("a batch of " + first + " bytes is shorter than its header");
        }
        return alone(bytes, position, first, size);
    }

    private static ProducedRecords alone(byte[] bytes, int position, int first, int size) {
        int behind = position + first;
        int rest = size - first;
        ProducedRecords wrong = rest < PREFIX_BYTES ? null : framing(bytes, behind, rest);
        if (wrong != null) {
            return wrong;
        }
        if (rest >= COMMON_BYTES && PREFIX_BYTES + intAt(bytes, behind + BatchLayout.LENGTH) <= rest) {
            return new Invalid("there is more than one batch for a partition", false);
        }
        try {
            return new One(RecordBatch.wrap(bytes, position, first));
        } catch (CorruptBatchException e) {
            boolean isDamaged = RecordBatch.baseOffsetAt(bytes, position) == 0
                    && intAt(bytes, position + BatchLayout.CRC) != BatchLayout.crcOf(bytes, position, first);
            String message = String.valueOf(e.getMessage());
            return isDamaged ? new Corrupt(message) : new Invalid(message, true);
        }
    }

    /** What is wrong about the fields that every version has; null if nothing, or if they are not there. */
    private static @Nullable ProducedRecords framing(byte[] bytes, int position, int size) {
        if (size < PREFIX_BYTES) {
            return new Invalid("there is no batch in " + size + " bytes", false);
        }
        int length = intAt(bytes, position + BatchLayout.LENGTH);
        if (length < LENGTH_MIN || length > RecordBatch.SIZE_IN_BYTES_MAX - PREFIX_BYTES) {
            return new Corrupt("a batch has length " + length + ", at least " + LENGTH_MIN + " bytes are needed");
        }
        if (size < COMMON_BYTES) {
            return null;
        }
        byte magic = bytes[position + BatchLayout.MAGIC];
        return magic < 0 || magic > BatchLayout.MAGIC_V2
                ? new Corrupt("a batch has magic " + magic + ", the last known is " + BatchLayout.MAGIC_V2)
                : null;
    }
}
