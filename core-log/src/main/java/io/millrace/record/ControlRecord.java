package io.millrace.record;

import io.millrace.record.BatchLayout.BatchFields;

/**
 * The marker that ends a transaction on a partition; alone in a control batch.
 *
 * <pre>
 * key     version (2) = 0 | type (2): 0 abort, 1 commit
 * value   version (2) = 0 | coordinator epoch (4)
 * </pre>
 *
 * @param type how the transaction ended
 * @param coordinatorEpoch the epoch of the transaction coordinator that decided
 */
public record ControlRecord(Type type, int coordinatorEpoch) {

    /** How a transaction ended. */
    public enum Type {
        ABORT((short) 0),
        COMMIT((short) 1);

        private final short id;

        Type(short id) {
            this.id = id;
        }
    }

    private static final int KEY_BYTES = 4;
    private static final int VALUE_BYTES = 6;

    /** A control batch of offset 0 with this marker, for the leader to stamp. Sizes are bytes, times ms since 1970. */
    public RecordBatch batch(long producerId, short producerEpoch, long timestampMs) {
        byte[] key = new byte[KEY_BYTES];
        BatchLayout.putShort(key, 2, type.id);
        byte[] value = new byte[VALUE_BYTES];
        BatchLayout.putInt(value, 2, coordinatorEpoch);
        RecordEncoder records = new RecordEncoder(RecordBatch.HEADER_BYTES + 2 * (KEY_BYTES + VALUE_BYTES));
        records.append(0, 0, key, 0, KEY_BYTES, value, 0, VALUE_BYTES, Header.NONE);
        BatchFields fields = new BatchFields(
                BatchLayout.attributes(Compression.NONE, TimestampType.CREATE_TIME, true, true, false),
                0,
                timestampMs,
                timestampMs,
                producerId,
                producerEpoch,
                RecordBatch.NO_SEQUENCE,
                1);
        BatchLayout.writeHeader(records.bytes(), records.sizeInBytes(), 0, RecordBatch.NO_LEADER_EPOCH, fields);
        return RecordBatch.wrap(records.bytes(), 0, records.sizeInBytes());
    }

    /**
     * Reads the marker at which this cursor stands. Later versions of key and value may have more fields, which are ignored.
     *
     * @throws CorruptBatchException if it is no transaction marker
     */
    public static ControlRecord read(RecordCursor record) {
        if (record.keySize() < KEY_BYTES || record.valueSize() < VALUE_BYTES) {
            throw new CorruptBatchException("the control record at offset " + record.offset() + " has a key of "
                    + record.keySize() + " and a value of " + record.valueSize() + " bytes");
        }
        short type = BatchLayout.shortAt(record.buffer(), record.keyPosition() + 2);
        if (type != Type.ABORT.id && type != Type.COMMIT.id) {
            throw new CorruptBatchException("the control record at offset " + record.offset() + " has type " + type
                    + ", no transaction marker");
        }
        int coordinatorEpoch = BatchLayout.intAt(record.buffer(), record.valuePosition() + 2);
        return new ControlRecord(type == Type.ABORT.id ? Type.ABORT : Type.COMMIT, coordinatorEpoch);
    }
}
