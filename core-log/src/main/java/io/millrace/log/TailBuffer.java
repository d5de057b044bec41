package io.millrace.log;

import io.millrace.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest batches of a log in memory: those that wait for their write, and as many older ones as fit, so that readers at
 * the tail never touch a file.
 *
 * <p>Owned by the log's thread. A chunk is filled in order and never changed where readers may look: a published
 * {@link Snapshot} says how far that is.
 */
final class TailBuffer {

    /** Written batches kept for readers, per log. */
    static final int RETAINED_BYTES_MAX = 2 << 20;

    private static final int CHUNK_BYTES_MIN = 16 << 10;
    private static final int CHUNK_BYTES_MAX = 256 << 10;
    /** A chunk holds at most one batch per this many bytes; smaller ones fill the table of positions first. */
    private static final int BATCH_BYTES_TYPICAL = 256;

    /** A piece of the tail: bytes of whole batches and where each starts. */
    static final class Chunk {
        final byte[] bytes;
        final int[] positions;
        int count;
        int used;

        Chunk(int capacity) {
            bytes = new byte[capacity];
            positions = new int[Math.max(16, capacity / BATCH_BYTES_TYPICAL)];
        }

        boolean hasRoomFor(int size) {
            return used + size <= bytes.length && count < positions.length;
        }
    }

    /** What readers may see: all chunks, the last one up to {@code lastCount} batches ending at {@code lastUsed}. */
    record Snapshot(Chunk[] chunks, int lastCount, int lastUsed, long firstOffset) {
        static final Snapshot EMPTY = new Snapshot(new Chunk[0], 0, 0, Long.MAX_VALUE);

        /** Adds batches from the one that contains {@code offset} on, as {@link SegmentReader#read} does. */
        void read(long offset, long endOffset, int maxBytes, List<RecordBatch> found) {
            int budget = maxBytes;
            for (int i = chunkOf(offset); i < chunks.length; i++) {
                Chunk chunk = chunks[i];
                int count = countOf(i);
                int end = i == chunks.length - 1 ? lastUsed : chunk.used;
                for (int batch = firstBatchReaching(chunk, count, offset); batch < count; batch++) {
                    int at = chunk.positions[batch];
                    int size = RecordBatch.sizeAt(chunk.bytes, at);
                    boolean fits = found.isEmpty() || size <= budget;
                    if (!fits || RecordBatch.lastOffsetAt(chunk.bytes, at) >= endOffset) {
                        return;
                    }
                    found.add(RecordBatch.wrap(chunk.bytes, at, end - at));
                    budget -= size;
                }
            }
        }

        /** Counts what {@link #read} would give, until there are {@code enough} bytes. */
        Extent extent(long offset, long endOffset, long enough) {
            long bytes = 0;
            long next = offset;
            for (int i = chunkOf(offset); i < chunks.length; i++) {
                Chunk chunk = chunks[i];
                int count = countOf(i);
                for (int batch = firstBatchReaching(chunk, count, next); batch < count; batch++) {
                    int at = chunk.positions[batch];
                    long last = RecordBatch.lastOffsetAt(chunk.bytes, at);
                    if (bytes >= enough || last >= endOffset) {
                        return new Extent(bytes, next);
                    }
                    bytes += RecordBatch.sizeAt(chunk.bytes, at);
                    next = last + 1;
                }
            }
            return new Extent(bytes, next);
        }

        private int countOf(int chunk) {
            return chunk == chunks.length - 1 ? lastCount : chunks[chunk].count;
        }

        private int chunkOf(long offset) {
            int i = chunks.length - 1;
            while (i > 0 && (countOf(i) == 0 || RecordBatch.baseOffsetAt(chunks[i].bytes, 0) > offset)) {
                i--;
            }
            return Math.max(i, 0);
        }

        private static int firstBatchReaching(Chunk chunk, int count, long offset) {
            int low = 0;
            int high = count;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (RecordBatch.lastOffsetAt(chunk.bytes, chunk.positions[middle]) < offset) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    /** What is done with each batch that was just written. */
    @FunctionalInterface
    interface Written {
        void batch(byte[] bytes, int position, int size);
    }

    private final List<Chunk> chunks = new ArrayList<>();
    private int retainedBytes;
    /** The first batch that waits for its write: chunk, batch in it, byte in it. */
    private int pendingChunk;

    private int pendingBatch;
    private int pendingPosition;
    private int pendingBytes;
    private int nextChunkBytes = CHUNK_BYTES_MIN;

    /** A chunk with room for a batch of this size; {@link Chunk#used} is where to put it. */
    Chunk chunkFor(int size) {
        Chunk last = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
        if (last == null || !last.hasRoomFor(size)) {
            last = new Chunk(Math.max(size, nextChunkBytes));
            nextChunkBytes = Math.min(CHUNK_BYTES_MAX, nextChunkBytes * 2);
            chunks.add(last);
            retainedBytes += last.bytes.length;
        }
        return last;
    }

    /** Takes the batch of this size that was put at the end of the chunk. */
    void added(Chunk chunk, int size) {
        chunk.positions[chunk.count++] = chunk.used;
        chunk.used += size;
        pendingBytes += size;
    }

    int retainedBytes() {
        return retainedBytes;
    }

    int pendingBytes() {
        return pendingBytes;
    }

    /** The bytes of all batches that wait, in order. */
    ByteBuffer[] pending() {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = pendingChunk; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            int from = i == pendingChunk ? pendingPosition : 0;
            if (chunk.used > from) {
                buffers.add(ByteBuffer.wrap(chunk.bytes, from, chunk.used - from));
            }
        }
        return buffers.toArray(new ByteBuffer[0]);
    }

    /** All batches that waited are written. Forgets the oldest ones if there are too many. */
    void written(Written visitor) {
        for (int i = pendingChunk; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            for (int batch = i == pendingChunk ? pendingBatch : 0; batch < chunk.count; batch++) {
                int from = chunk.positions[batch];
                int to = batch + 1 < chunk.count ? chunk.positions[batch + 1] : chunk.used;
                visitor.batch(chunk.bytes, from, to - from);
            }
        }
        while (chunks.size() > 1 && retainedBytes > RETAINED_BYTES_MAX) {
            retainedBytes -= chunks.remove(0).bytes.length;
        }
        markWritten();
    }

    private void markWritten() {
        pendingChunk = Math.max(0, chunks.size() - 1);
        Chunk last = chunks.isEmpty() ? null : chunks.get(pendingChunk);
        pendingBatch = last == null ? 0 : last.count;
        pendingPosition = last == null ? 0 : last.used;
        pendingBytes = 0;
    }

    /** Forgets all written batches: a log that nobody appends to has no tail worth its memory. */
    void forgetWritten() {
        if (pendingBytes == 0) {
            clear();
        }
    }

    /** Forgets everything, what waits included. Readers keep what they have. */
    void clear() {
        chunks.clear();
        retainedBytes = 0;
        nextChunkBytes = CHUNK_BYTES_MIN;
        markWritten();
    }

    /** What may be read now; only to be called when nothing waits. */
    Snapshot snapshot() {
        if (chunks.isEmpty() || chunks.get(0).count == 0) {
            return Snapshot.EMPTY;
        }
        Chunk last = chunks.get(chunks.size() - 1);
        long firstOffset = RecordBatch.baseOffsetAt(chunks.get(0).bytes, 0);
        return new Snapshot(chunks.toArray(new Chunk[0]), last.count, last.used, firstOffset);
    }
}
