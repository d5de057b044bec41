package io.millrace.record;

import static io.millrace.record.BatchLayout.COMPRESSION_MASK;
import static io.millrace.record.BatchLayout.CONTROL_BIT;
import static io.millrace.record.BatchLayout.DELETE_HORIZON_BIT;
import static io.millrace.record.BatchLayout.PREFIX_BYTES;
import static io.millrace.record.BatchLayout.RECORDS;
import static io.millrace.record.BatchLayout.TIMESTAMP_TYPE_BIT;
import static io.millrace.record.BatchLayout.TRANSACTIONAL_BIT;
import static io.millrace.record.BatchLayout.intAt;
import static io.millrace.record.BatchLayout.longAt;
import static io.millrace.record.BatchLayout.shortAt;

import java.util.Arrays;

/**
 * One record batch, version 2, read in place: a view of a byte array that must not change while the view is used.
 *
 * <p>Wrapping checks what can be checked without reading the records: the batch is whole, of version 2, and its counts
 * agree with each other. It does not compute the checksum; {@link #isValidCrc()} does. No accessor throws.
 *
 * <p>A batch may hold fewer records than its offset range, or none at all, after compaction.
 */
public final class RecordBatch {

    /** The size of a batch without records, in bytes: what must be read of a file to know a batch's header. */
    public static final int HEADER_BYTES = RECORDS;

    /** What must be read of a file to know a batch's offset and size, in bytes. */
    public static final int SIZE_PREFIX_BYTES = PREFIX_BYTES;

    /** The largest size a batch can claim: what fits into an array, in bytes. */
    public static final int SIZE_IN_BYTES_MAX = Integer.MAX_VALUE - 8;

    public static final long NO_TIMESTAMP = -1;
    public static final long NO_PRODUCER_ID = -1;
    public static final short NO_PRODUCER_EPOCH = -1;
    public static final int NO_SEQUENCE = -1;
    public static final int NO_LEADER_EPOCH = -1;

    private final byte[] bytes;
    private final int position;
    private final int sizeInBytes;

    private RecordBatch(byte[] bytes, int position, int sizeInBytes) {
        this.bytes = bytes;
        this.position = position;
        this.sizeInBytes = sizeInBytes;
    }

    /**
     * The batch that starts at this position; bytes after it are of no interest.
     *
     * @throws CorruptBatchException if there is no whole batch of version 2
     */
    public static RecordBatch wrap(byte[] bytes, int position) {
        return wrap(bytes, position, bytes.length - position);
    }

    /**
     * The same, where only {@code available} bytes from the position on are part of the data.
     *
     * @throws CorruptBatchException if there is no whole batch of version 2 in them
     */
    public static RecordBatch wrap(byte[] bytes, int position, int available) {
        if (position < 0 || available < HEADER_BYTES || available > bytes.length - position) {
            throw new CorruptBatchException("a batch needs at least " + HEADER_BYTES + " bytes, there are " + available
                    + " at position " + position);
        }
        int size = sizeAt(bytes, position);
        if (size > available) {
            throw new CorruptBatchException(
                    "a batch at position " + position + " claims " + size + " bytes, only " + available + " are there");
        }
        checkHeader(bytes, position);
        return new RecordBatch(bytes, position, size);
    }

    /**
     * The size in bytes that the batch at this position claims; needs {@link #SIZE_PREFIX_BYTES} bytes of it.
     *
     * @throws CorruptBatchException if no batch can have that size
     */
    public static int sizeAt(byte[] bytes, int position) {
        int length = intAt(bytes, position + BatchLayout.LENGTH);
        if (length < HEADER_BYTES - PREFIX_BYTES || length > SIZE_IN_BYTES_MAX - PREFIX_BYTES) {
            throw new CorruptBatchException("a batch at position " + position + " has length " + length
                    + ", it must be " + (HEADER_BYTES - PREFIX_BYTES) + " to " + (SIZE_IN_BYTES_MAX - PREFIX_BYTES));
        }
        return length + PREFIX_BYTES;
    }

    /** The base offset of the batch at this position; needs {@link #SIZE_PREFIX_BYTES} bytes of it. */
    public static long baseOffsetAt(byte[] bytes, int position) {
        return longAt(bytes, position + BatchLayout.BASE_OFFSET);
    }

    /**
     * Checks the fields of the header at this position, of which {@link #HEADER_BYTES} must be there. After it, the
     * {@code …At} methods give what the whole batch would.
     *
     * @throws CorruptBatchException if they cannot belong to a batch of version 2
     */
    public static void checkHeader(byte[] bytes, int position) {
        byte magic = bytes[position + BatchLayout.MAGIC];
        if (magic != BatchLayout.MAGIC_V2) {
            throw new CorruptBatchException("a batch at position " + position + " has magic " + magic + ", only "
                    + BatchLayout.MAGIC_V2 + " is known");
        }
        int codec = shortAt(bytes, position + BatchLayout.ATTRIBUTES) & COMPRESSION_MASK;
        if (codec > Compression.ID_MAX) {
            throw new CorruptBatchException("a batch at position " + position + " names compression " + codec
                    + ", the last known is " + Compression.ID_MAX);
        }
        int lastOffsetDelta = intAt(bytes, position + BatchLayout.LAST_OFFSET_DELTA);
        int recordCount = intAt(bytes, position + BatchLayout.RECORD_COUNT);
        if (lastOffsetDelta < 0 || recordCount < 0 || recordCount - 1 > lastOffsetDelta) {
            throw new CorruptBatchException("a batch at position " + position + " has " + recordCount
                    + " records and last offset delta " + lastOffsetDelta);
        }
        long baseOffset = baseOffsetAt(bytes, position);
        if (baseOffset < 0 || baseOffset > Long.MAX_VALUE - 1 - lastOffsetDelta) {
            throw new CorruptBatchException("a batch at position " + position + " has base offset " + baseOffset
                    + " and last offset delta " + lastOffsetDelta);
        }
    }

    /** The last offset of the batch whose header is at this position. */
    public static long lastOffsetAt(byte[] bytes, int position) {
        return baseOffsetAt(bytes, position) + intAt(bytes, position + BatchLayout.LAST_OFFSET_DELTA);
    }

    /** The largest timestamp of the batch whose header is at this position. */
    public static long maxTimestampAt(byte[] bytes, int position) {
        return longAt(bytes, position + BatchLayout.MAX_TIMESTAMP);
    }

    /** Whether the batch whose header is at this position holds a transaction marker. */
    public static boolean isControlAt(byte[] bytes, int position) {
        return (shortAt(bytes, position + BatchLayout.ATTRIBUTES) & CONTROL_BIT) != 0;
    }

    /** The leader epoch of the batch whose header is at this position. */
    public static int partitionLeaderEpochAt(byte[] bytes, int position) {
        return intAt(bytes, position + BatchLayout.LEADER_EPOCH);
    }

    /** How many records the batch has whose header is at this position. */
    public static int recordCountAt(byte[] bytes, int position) {
        return intAt(bytes, position + BatchLayout.RECORD_COUNT);
    }

    /** The producer id of the batch whose header is at this position; {@link #NO_PRODUCER_ID} if it has none. */
    public static long producerIdAt(byte[] bytes, int position) {
        return longAt(bytes, position + BatchLayout.PRODUCER_ID);
    }

    /** The sequence {@code increment} records after another; it wraps from the largest int to 0. */
    public static int sequenceAfter(int sequence, int increment) {
        return (int) (((long) sequence + increment) & Integer.MAX_VALUE);
    }

    /** The array this is a view of. Not a copy: whoever changes it breaks the view. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the batch starts in {@link #bytes()}. */
    public int position() {
        return position;
    }

    public int sizeInBytes() {
        return sizeInBytes;
    }

    public long baseOffset() {
        return longAt(bytes, position + BatchLayout.BASE_OFFSET);
    }

    /** The last offset of the range this batch stands for, whether or not a record still has it. */
    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    public long nextOffset() {
        return lastOffset() + 1;
    }

    public int partitionLeaderEpoch() {
        return intAt(bytes, position + BatchLayout.LEADER_EPOCH);
    }

    /** The stored checksum, unsigned in an int. */
    public int crc() {
        return intAt(bytes, position + BatchLayout.CRC);
    }

    /** Whether the stored checksum is that of the bytes. It does not cover the base offset, the size and the leader epoch. */
    public boolean isValidCrc() {
        return crc() == BatchLayout.crcOf(bytes, position, sizeInBytes);
    }

    public short attributes() {
        return shortAt(bytes, position + BatchLayout.ATTRIBUTES);
    }

    public Compression compression() {
        return Compression.of(attributes() & COMPRESSION_MASK);
    }

    public TimestampType timestampType() {
        return has(TIMESTAMP_TYPE_BIT) ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    public boolean isTransactional() {
        return has(TRANSACTIONAL_BIT);
    }

    /** Whether this holds a transaction marker, which no reader's user ever sees. */
    public boolean isControl() {
        return has(CONTROL_BIT);
    }

    public boolean hasDeleteHorizon() {
        return has(DELETE_HORIZON_BIT);
    }

    /** From when on compaction may drop the tombstones and markers in here, in ms since 1970; {@link #NO_TIMESTAMP} if unset. */
    public long deleteHorizonMs() {
        return hasDeleteHorizon() ? baseTimestamp() : NO_TIMESTAMP;
    }

    /** What the timestamp deltas of the records add to: the first timestamp, or the delete horizon once there is one. */
    public long baseTimestamp() {
        return longAt(bytes, position + BatchLayout.BASE_TIMESTAMP);
    }

    public long maxTimestamp() {
        return longAt(bytes, position + BatchLayout.MAX_TIMESTAMP);
    }

    public long producerId() {
        return longAt(bytes, position + BatchLayout.PRODUCER_ID);
    }

    public short producerEpoch() {
        return shortAt(bytes, position + BatchLayout.PRODUCER_EPOCH);
    }

    public int baseSequence() {
        return intAt(bytes, position + BatchLayout.BASE_SEQUENCE);
    }

    /** The sequence of the last record; wraps after the largest int. {@link #NO_SEQUENCE} if the batch has none. */
    public int lastSequence() {
        int first = baseSequence();
        return first == NO_SEQUENCE ? NO_SEQUENCE : sequenceAfter(first, lastOffsetDelta());
    }

    public int recordCount() {
        return intAt(bytes, position + BatchLayout.RECORD_COUNT);
    }

    /** The same batch on an array of its own. */
    public RecordBatch copy() {
        return new RecordBatch(Arrays.copyOfRange(bytes, position, position + sizeInBytes), 0, sizeInBytes);
    }

    int lastOffsetDelta() {
        return intAt(bytes, position + BatchLayout.LAST_OFFSET_DELTA);
    }

    private boolean has(int bit) {
        return (attributes() & bit) != 0;
    }

    @Override
    public String toString() {
        return "RecordBatch[offsets " + baseOffset() + " to " + lastOffset() + ", " + recordCount() + " records, "
                + sizeInBytes + " bytes, leader epoch " + partitionLeaderEpoch() + ", producer " + producerId()
                + " epoch "
                + producerEpoch() + " sequence " + baseSequence() + ", " + compression() + "]";
    }
}
