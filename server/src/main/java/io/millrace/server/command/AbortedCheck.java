package io.millrace.server.command;

import io.millrace.record.ControlRecord;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the aborted transactions of a partition stand in the {@code .txnindex} of the segment that has their marker: what is
 * missing there is shown to readers of committed records. Looked at while the segments are read, one after the other.
 */
final class AbortedCheck {

    private static final int ENTRY_BYTES = 34;
    private static final int PRODUCER_ID_AT = 2;
    private static final int FIRST_OFFSET_AT = 10;
    private static final int LAST_OFFSET_AT = 18;

    private record Marker(long producerId, long offset) {}

    /** The first offset of each producer's open transaction. */
    private final Map<Long, Long> open = new HashMap<>();

    private final Set<Marker> indexed = new HashSet<>();
    private long baseOffset;
    private @Nullable String problem;

    /** The next segment begins. */
    void segment(Path file, long base) throws IOException {
        baseOffset = base;
        problem = null;
        indexed.clear();
        IndexEntries entries = IndexEntries.read(file, ".txnindex", ENTRY_BYTES);
        if (entries.isTorn()) {
            found(".txnindex ends within an entry");
        }
        for (int i = 0; i < entries.count(); i++) {
            long first = entries.longAt(i, FIRST_OFFSET_AT);
            long last = entries.longAt(i, LAST_OFFSET_AT);
            if (entries.shortAt(i, 0) != 0) {
                found(".txnindex, entry " + i + ": its version is " + entries.shortAt(i, 0) + ", not 0");
            } else if (first > last || last < baseOffset) {
                found(".txnindex, entry " + i + ": a transaction from offset " + first + " to " + last
                        + " does not end in this segment");
            }
            indexed.add(new Marker(entries.longAt(i, PRODUCER_ID_AT), last));
        }
    }

    /** The next batch of the segment. */
    void batch(RecordBatch batch, RecordCursor cursor) {
        if (!batch.isTransactional()) {
            return;
        }
        if (!batch.isControl()) {
            open.putIfAbsent(batch.producerId(), batch.baseOffset());
            return;
        }
        Long first = open.remove(batch.producerId());
        if (first != null
                && isAbort(batch, cursor)
                && !indexed.contains(new Marker(batch.producerId(), batch.lastOffset()))) {
            found(".txnindex lacks the transaction of producer " + batch.producerId() + " that began at offset " + first
                    + " and was aborted at offset " + batch.lastOffset());
        }
    }

    private static boolean isAbort(RecordBatch batch, RecordCursor cursor) {
        cursor.wrap(batch);
        try {
            return cursor.next() && ControlRecord.read(cursor).type() == ControlRecord.Type.ABORT;
        } catch (CorruptBatchException e) {
            return false; // of a kind that ends no transaction
        }
    }

    /** The segment is read. */
    void end(long nextOffset) {
        indexed.stream()
                .filter(marker -> marker.offset() >= nextOffset)
                .findFirst()
                .ifPresent(marker -> found(".txnindex: a transaction ends at offset " + marker.offset()
                        + ", which is behind the last record"));
    }

    private void found(String what) {
        if (problem == null) {
            problem = what;
        }
    }

    /** The first thing that is wrong in this segment; null if nothing is. */
    @Nullable
    String problem() {
        return problem;
    }
}
