package io.millrace.log;

import io.millrace.log.ProducerState.Sequenced;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The bytes of an {@code <offset>.snapshot} file: the state of every producer after all batches below the offset.
 *
 * <pre>
 *  0             2           6            10
 * +-------------+-----------+------------+---------------------------------+
 * | version (2) | CRC-32C of| count (4)  | count × 46 bytes:               |
 * | = 1         | the rest  |            | producer id (8), epoch (2),     |
 * |             | (4)       |            | last sequence (4), last offset  |
 * |             | from 6 on |            | (8), offset delta (4), timestamp|
 * |             |           |            | (8), coordinator epoch (4),     |
 * |             |           |            | open transaction's first        |
 * |             |           |            | offset or -1 (8)                |
 * +-------------+-----------+------------+---------------------------------+
 * </pre>
 *
 * Only the last batch of each producer is in it; the others of the window come from the log after the snapshot. Source:
 * {@code ProducerSnapshot.json} of Apache Kafka 4.3.1.
 */
final class ProducerSnapshot {
    private static final short VERSION = 1;
    private static final int CRC_POSITION = 2;
    private static final int CRC_FROM = 6;
    private static final int HEADER_BYTES = 10;
    private static final int ENTRY_BYTES = 46;

    private ProducerSnapshot() {}

    static byte[] encode(Collection<ProducerState> producers) {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + producers.size() * ENTRY_BYTES);
        out.putShort(VERSION).putInt(0).putInt(producers.size());
        for (ProducerState producer : producers) {
            Sequenced last = producer.recent().isEmpty()
                    ? new Sequenced(-1, -1, 0, 0)
                    : producer.recent().get(producer.recent().size() - 1);
            out.putLong(producer.producerId())
                    .putShort(producer.epoch())
                    .putInt(last.lastSequence())
                    .putLong(last.lastOffset())
                    .putInt(last.offsetDelta())
                    .putLong(producer.lastTimestampMs())
                    .putInt(producer.coordinatorEpoch())
                    .putLong(producer.transactionFirstOffset());
        }
        out.putInt(CRC_POSITION, crcOf(out.array()));
        return out.array();
    }

    /** The producers in a file's content; empty if it is damaged, which is not the same as no producers. */
    static Optional<List<ProducerState>> decode(byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        try {
            if (in.getShort() != VERSION || in.getInt() != crcOf(content)) {
                return Optional.empty();
            }
            int count = in.getInt();
            if (count < 0 || content.length != HEADER_BYTES + (long) count * ENTRY_BYTES) {
                return Optional.empty();
            }
            List<ProducerState> producers = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                producers.add(decodeEntry(in));
            }
            return Optional.of(producers);
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static ProducerState decodeEntry(ByteBuffer in) {
        long producerId = in.getLong();
        short epoch = in.getShort();
        int lastSequence = in.getInt();
        long lastOffset = in.getLong();
        int offsetDelta = in.getInt();
        long timestampMs = in.getLong();
        int coordinatorEpoch = in.getInt();
        long transactionFirstOffset = in.getLong();
        List<Sequenced> recent =
                lastOffset < 0 ? List.of() : List.of(new Sequenced(lastSequence, lastOffset, offsetDelta, timestampMs));
        return new ProducerState(producerId, epoch, coordinatorEpoch, timestampMs, transactionFirstOffset, recent);
    }

    private static int crcOf(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, CRC_FROM, Math.max(0, content.length - CRC_FROM));
        return (int) crc.getValue();
    }
}
