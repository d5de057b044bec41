package io.millrace.server.command;

import io.millrace.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether the offset index and the time index of a segment lead to where they should, looked at while the segment is read. A node
 * reads indexes as they are and makes them again only after a crash, so a wrong one hides records.
 */
final class IndexCheck {

    private static final int OFFSET_ENTRY_BYTES = 8;
    private static final int TIME_ENTRY_BYTES = 12;

    private final long baseOffset;
    private final IndexEntries offsets;
    private final IndexEntries times;
    private int nextOffsetEntry;
    private int nextTimeEntry;
    private long largestTimestamp = RecordBatch.NO_TIMESTAMP;
    private @Nullable String problem;

    IndexCheck(Path segment, long baseOffset) throws IOException {
        this.baseOffset = baseOffset;
        this.offsets = IndexEntries.read(segment, ".index", OFFSET_ENTRY_BYTES);
        this.times = IndexEntries.read(segment, ".timeindex", TIME_ENTRY_BYTES);
        ascends(".index", offsets, entry -> offsets.intAt(entry, 0), entry -> offsets.intAt(entry, 4));
        ascends(".timeindex", times, entry -> times.longAt(entry, 0), entry -> times.intAt(entry, 8));
    }

    /** A field of an entry. */
    @FunctionalInterface
    private interface Field {
        long of(int entry);
    }

    private void ascends(String file, IndexEntries entries, Field first, Field second) {
        if (entries.isTorn()) {
            found(file + " ends within an entry");
        }
        for (int i = 1; i < entries.count(); i++) {
            if (first.of(i) <= first.of(i - 1) || second.of(i) <= second.of(i - 1)) {
                found(file + ", entry " + i + ": it is not behind the entry before");
                return;
            }
        }
    }

    /** The next batch of the segment. */
    void batch(long position, RecordBatch batch) {
        while (nextOffsetEntry < offsets.count() && offsets.intAt(nextOffsetEntry, 4) <= position) {
            offsetEntry(nextOffsetEntry++, position, batch);
        }
        long with = Math.max(largestTimestamp, batch.maxTimestamp());
        while (nextTimeEntry < times.count() && baseOffset + times.intAt(nextTimeEntry, 8) <= batch.lastOffset()) {
            timeEntry(nextTimeEntry++, with);
        }
        largestTimestamp = with;
    }

    private void offsetEntry(int entry, long position, RecordBatch batch) {
        long offset = baseOffset + offsets.intAt(entry, 0);
        if (offsets.intAt(entry, 4) != position) {
            found(".index, entry " + entry + ": no batch begins at position " + offsets.intAt(entry, 4));
        } else if (offset < batch.baseOffset()) {
            found(".index, entry " + entry + ": offset " + offset + " is before position " + position
                    + ", where offset " + batch.baseOffset() + " begins");
        }
    }

    /** Whoever looks for a later time begins behind the entry, so what is before it must not be later. */
    private void timeEntry(int entry, long largestWithIt) {
        long timestamp = times.longAt(entry, 0);
        if (timestamp < largestTimestamp || timestamp > largestWithIt) {
            found(".timeindex, entry " + entry + ": up to offset " + (baseOffset + times.intAt(entry, 8))
                    + " the largest timestamp is " + largestWithIt + ", not " + timestamp);
        }
    }

    /** The segment is read. */
    void end(long nextOffset) {
        if (nextOffsetEntry < offsets.count()) {
            found(".index, entry " + nextOffsetEntry + ": position " + offsets.intAt(nextOffsetEntry, 4)
                    + " is behind the last batch");
        } else if (nextOffsetEntry > 0 && baseOffset + offsets.intAt(nextOffsetEntry - 1, 0) >= nextOffset) {
            found(".index, entry " + (nextOffsetEntry - 1) + ": its offset is behind the last record");
        }
        if (nextTimeEntry < times.count()) {
            found(".timeindex, entry " + nextTimeEntry + ": its offset is behind the last record");
        }
    }

    private void found(String what) {
        if (problem == null) {
            problem = what;
        }
    }

    /** The first thing that is wrong; null if nothing is. */
    @Nullable
    String problem() {
        return problem;
    }
}
