package io.millrace.record;

import io.millrace.record.BatchLayout.BatchFields;
import org.jspecify.annotations.Nullable;

/** Turns encoded records into a batch: compresses them at most once, then writes as many headers as asked for. */
final class BatchBody {

    private final Compression compression;
    private final @Nullable Codec codec;
    private final ByteStore compressed;
    private Compression used = Compression.NONE;
    private boolean ready;

    BatchBody(Compression compression, int level) {
        this.compression = compression;
        this.codec = compression == Compression.NONE ? null : compression.codec(level);
        this.compressed = new ByteStore(compression == Compression.NONE ? 0 : RecordBatch.SIZE_IN_BYTES_MAX);
    }

    /** To be called when the records have changed. */
    void clear() {
        ready = false;
    }

    /**
     * Compresses the records, unless that was done since the last {@link #clear()}, and says with which codec they go into
     * the batch: none at all if compressed they would exceed the limit that they keep as they are.
     */
    Compression prepare(RecordEncoder records, int batchBytesMax) {
        if (!ready) {
            used = Compression.NONE;
            if (codec != null && records.recordBytes() > 0) {
                compressed.size(0);
                compressed.reserve(BatchLayout.RECORDS);
                compressed.size(BatchLayout.RECORDS);
                codec.compress(records.bytes(), BatchLayout.RECORDS, records.recordBytes(), compressed);
                used = compressed.size() <= batchBytesMax ? compression : Compression.NONE;
            }
            ready = true;
        }
        return used;
    }

    /** The batch with this header over the prepared records. */
    RecordBatch batch(RecordEncoder records, long baseOffset, int leaderEpoch, BatchFields fields) {
        boolean plain = used == Compression.NONE;
        byte[] bytes = plain ? records.bytes() : compressed.bytes();
        int size = plain ? records.sizeInBytes() : compressed.size();
        BatchLayout.writeHeader(bytes, size, baseOffset, leaderEpoch, fields);
        return RecordBatch.wrap(bytes, 0, size);
    }
}
