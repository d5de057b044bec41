package io.millrace.log;

/**
 * Where batches lie in a segment file: one entry for about every {@code index.interval.bytes}.
 *
 * <pre>
 *  0                        4                     8
 * +------------------------+---------------------+
 * | last offset of a batch | position of its     |   ascending; offsets are relative
 * | minus base offset (4)  | first byte (4)      |   to the segment's base offset
 * +------------------------+---------------------+
 * </pre>
 */
final class OffsetIndex {
    static final int ENTRY_BYTES = 8;

    private final IndexFile entries;
    private final long baseOffset;

    OffsetIndex(IndexFile entries, long baseOffset) {
        this.entries = entries;
        this.baseOffset = baseOffset;
    }

    IndexFile entries() {
        return entries;
    }

    void append(long lastOffset, int position) {
        entries.append(lastOffset - baseOffset, position, false);
    }

    /** A position at or before the batch that contains {@code offset}, as near to it as the index knows. */
    int positionBefore(long offset) {
        int entry = lastEntryUpTo(offset);
        return entry < 0 ? 0 : entries.intAt(entry, 4);
    }

    /** The last entry whose batch starts at or before this position; -1 if there is none. */
    int entryAtOrBefore(int position) {
        return lastEntryUpTo(position, 4);
    }

    /** Where the batch of an entry starts. */
    int positionOf(int entry) {
        return entries.intAt(entry, 4);
    }

    /** The last offset of the batch of an entry. */
    long lastOffsetOf(int entry) {
        return baseOffset + entries.intAt(entry, 0);
    }

    /** Drops entries of batches that reach {@code offset} or beyond. */
    void truncate(long offset) {
        entries.truncate(lastEntryUpTo(offset - 1) + 1);
    }

    /** The last entry whose offset is at most this; -1 if there is none. */
    private int lastEntryUpTo(long offset) {
        return lastEntryUpTo(offset - baseOffset, 0);
    }

    /** The last entry whose field at this byte is at most the value; both fields ascend. */
    private int lastEntryUpTo(long value, int byteInEntry) {
        int low = 0;
        int high = entries.count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (entries.intAt(middle, byteInEntry) <= value) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
