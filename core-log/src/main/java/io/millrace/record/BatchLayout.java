package io.millrace.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Where each field of a batch header lies. All integers are big-endian; the checksum (CRC-32C) covers everything from the
 * attributes to the end, so a leader may set the base offset and its epoch without computing it again.
 *
 * <pre>
 *  0                   8                12                16        17            21
 * +-------------------+----------------+-----------------+---------+-------------+
 * | base offset (8)   | length (4),    | partition       | magic   | crc (4)     |
 * |                   | bytes after it | leader epoch (4)| (1) = 2 | from 21 on  |
 * +-------------------+----------------+-----------------+---------+-------------+
 *  21               23                      27                   35
 * +----------------+-----------------------+--------------------+--------------------+
 * | attributes (2) | last offset delta (4) | base timestamp (8) | max timestamp (8)  |
 * +----------------+-----------------------+--------------------+--------------------+
 *  43                51                   53                 57                 61
 * +-----------------+--------------------+------------------+------------------+---------+
 * | producer id (8) | producer epoch (2) | base sequence (4)| record count (4) | records |
 * +-----------------+--------------------+------------------+------------------+---------+
 *
 * attributes   bits 0-2 compression, 3 timestamp type, 4 transactional, 5 control,
 *              6 the base timestamp is a delete horizon (KIP-534), 7-15 unused
 * </pre>
 *
 * <p>Records follow, compressed as one block when a codec is named. Integers marked v are zigzag varints:
 *
 * <pre>
 * record   size v | attributes (1) | timestamp delta v | offset delta v
 *          | key size v (-1 null) | key | value size v (-1 null) | value | header count v | headers
 * header   key size v | key, UTF-8 | value size v (-1 null) | value
 * </pre>
 *
 * Source: Kafka's "Record Batch" format page and KIP-98, KIP-534.
 */
final class BatchLayout {

    static final int BASE_OFFSET = 0;
    static final int LENGTH = 8;
    static final int LEADER_EPOCH = 12;
    static final int MAGIC = 16;
    static final int CRC = 17;
    static final int ATTRIBUTES = 21;
    static final int LAST_OFFSET_DELTA = 23;
    static final int BASE_TIMESTAMP = 27;
    static final int MAX_TIMESTAMP = 35;
    static final int PRODUCER_ID = 43;
    static final int PRODUCER_EPOCH = 51;
    static final int BASE_SEQUENCE = 53;
    static final int RECORD_COUNT = 57;
    static final int RECORDS = 61;

    /** Bytes before those that the length field counts. */
    static final int PREFIX_BYTES = 12;

    static final byte MAGIC_V2 = 2;

    static final int COMPRESSION_MASK = 0x07;
    static final int TIMESTAMP_TYPE_BIT = 0x08;
    static final int TRANSACTIONAL_BIT = 0x10;
    static final int CONTROL_BIT = 0x20;
    static final int DELETE_HORIZON_BIT = 0x40;

    /** The smallest record after its size: attributes, five one-byte varints. */
    static final int RECORD_BODY_BYTES_MIN = 6;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private BatchLayout() {}

    static short shortAt(byte[] bytes, int position) {
        return (short) SHORT.get(bytes, position);
    }

    static int intAt(byte[] bytes, int position) {
        return (int) INT.get(bytes, position);
    }

    static long longAt(byte[] bytes, int position) {
        return (long) LONG.get(bytes, position);
    }

    static void putShort(byte[] bytes, int position, short value) {
        SHORT.set(bytes, position, value);
    }

    static void putInt(byte[] bytes, int position, int value) {
        INT.set(bytes, position, value);
    }

    static void putLong(byte[] bytes, int position, long value) {
        LONG.set(bytes, position, value);
    }

    /** The checksum over the batch of this size at this position. */
    static int crcOf(byte[] bytes, int position, int sizeInBytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, position + ATTRIBUTES, sizeInBytes - ATTRIBUTES);
        return (int) crc.getValue();
    }

    static void stampCrc(byte[] bytes, int position, int sizeInBytes) {
        putInt(bytes, position + CRC, crcOf(bytes, position, sizeInBytes));
    }

    /** Writes everything before the records, checksum included; the records must already be in place. */
    static void writeHeader(byte[] bytes, int sizeInBytes, long baseOffset, int leaderEpoch, BatchFields fields) {
        putLong(bytes, BASE_OFFSET, baseOffset);
        putInt(bytes, LENGTH, sizeInBytes - PREFIX_BYTES);
        putInt(bytes, LEADER_EPOCH, leaderEpoch);
        bytes[MAGIC] = MAGIC_V2;
        putShort(bytes, ATTRIBUTES, fields.attributes());
        putInt(bytes, LAST_OFFSET_DELTA, fields.lastOffsetDelta());
        putLong(bytes, BASE_TIMESTAMP, fields.baseTimestamp());
        putLong(bytes, MAX_TIMESTAMP, fields.maxTimestamp());
        putLong(bytes, PRODUCER_ID, fields.producerId());
        putShort(bytes, PRODUCER_EPOCH, fields.producerEpoch());
        putInt(bytes, BASE_SEQUENCE, fields.baseSequence());
        putInt(bytes, RECORD_COUNT, fields.recordCount());
        stampCrc(bytes, 0, sizeInBytes);
    }

    /** The header fields below the checksum. */
    record BatchFields(
            short attributes,
            int lastOffsetDelta,
            long baseTimestamp,
            long maxTimestamp,
            long producerId,
            short producerEpoch,
            int baseSequence,
            int recordCount) {}

    static short attributes(
            Compression compression,
            TimestampType timestampType,
            boolean transactional,
            boolean control,
            boolean deleteHorizon) {
        int bits = compression.id();
        bits |= timestampType == TimestampType.LOG_APPEND_TIME ? TIMESTAMP_TYPE_BIT : 0;
        bits |= transactional ? TRANSACTIONAL_BIT : 0;
        bits |= control ? CONTROL_BIT : 0;
        bits |= deleteHorizon ? DELETE_HORIZON_BIT : 0;
        return (short) bits;
    }
}
