package io.millrace.log;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a sealed segment looked like, in a file of ours beside it ({@code <base>.seal}): with it a start trusts the segment and
 * its indexes without reading the log, and notices a damaged index (S8). It is written when the segment and everything before it
 * is synced: so it also tells what must be there, if the checkpoint of the recovery point does not (S3).
 *
 * <pre>
 *  0          4             12                20               28                  36
 * +----------+-------------+-----------------+----------------+-------------------+-----------------+
 * | magic (4)| log size (8)| next offset (8) | max timestamp  | offset of it (8)  | newest timestamp|
 * | MRS2     |             |                 | (8), ms        |                   | (8), ms         |
 * +----------+-------------+-----------------+----------------+-------------------+-----------------+
 *  44                      48                     52                        56
 * +-----------------------+----------------------+-------------------------+-------------------------+
 * | CRC-32C of the offset | CRC of time index (4)| CRC of aborted index (4)| CRC of all before (4)   |
 * | index (4)             |                      |                         |                         |
 * +-----------------------+----------------------+-------------------------+-------------------------+
 * </pre>
 */
record SegmentSeal(
        long logSize,
        long nextOffset,
        long maxTimestamp,
        long offsetOfMaxTimestamp,
        long newestTimestamp,
        int offsetIndexCrc,
        int timeIndexCrc,
        int abortedIndexCrc) {

    static final String SUFFIX = ".seal";
    private static final int MAGIC = 0x4d525332;
    private static final int BYTES = 60;

    /** What the segment looks like now. Its indexes must be saved. */
    static SegmentSeal of(LogStorage storage, Segment segment) {
        LogFile aborted = segment.abortedIndex().file();
        return new SegmentSeal(
                segment.size(),
                segment.nextOffset(),
                segment.maxTimestamp(),
                segment.offsetOfMaxTimestamp(),
                segment.newestTimestamp(),
                crcOfFile(storage, segment.offsetIndex().entries().file().path()),
                crcOfFile(storage, segment.timeIndex().entries().file().path()),
                aborted == null ? 0 : crcOfFile(storage, aborted.path()));
    }

    /** The seal in a file; empty if there is none or it is damaged. */
    static Optional<SegmentSeal> read(LogStorage storage, String path) {
        return storage.exists(path) ? decode(storage.readAll(path)) : Optional.empty();
    }

    /** Writes it; the returned file is not synced yet. */
    LogFile write(LogStorage storage, String path) {
        LogFile file = storage.open(path, LogStorage.Open.EMPTY);
        file.write(0, ByteBuffer.wrap(encode()));
        return file;
    }

    private byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putInt(MAGIC)
                .putLong(logSize)
                .putLong(nextOffset)
                .putLong(maxTimestamp)
                .putLong(offsetOfMaxTimestamp)
                .putLong(newestTimestamp)
                .putInt(offsetIndexCrc)
                .putInt(timeIndexCrc)
                .putInt(abortedIndexCrc)
                .putInt(crcOf(out.array(), BYTES - 4));
        return out.array();
    }

    private static Optional<SegmentSeal> decode(byte[] content) {
        if (content.length != BYTES) {
            return Optional.empty();
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(content);
            if (in.getInt() != MAGIC || in.getInt(BYTES - 4) != crcOf(content, BYTES - 4)) {
                return Optional.empty();
            }
            return Optional.of(new SegmentSeal(
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getInt(),
                    in.getInt(),
                    in.getInt()));
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    /** The checksum of a whole index file. */
    private static int crcOfFile(LogStorage storage, String path) {
        byte[] content = storage.readAll(path);
        return crcOf(content, content.length);
    }

    private static int crcOf(byte[] content, int length) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, length);
        return (int) crc.getValue();
    }
}
