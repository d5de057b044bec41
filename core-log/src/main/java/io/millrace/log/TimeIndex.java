package io.millrace.log;

/**
 * How the largest timestamp of a segment grows with its offsets; timestamps and offsets ascend.
 *
 * <pre>
 *  0                      8                       12
 * +----------------------+------------------------+
 * | largest timestamp so | last offset of the     |
 * | far (8), ms          | batch with it, rel. (4)|
 * +----------------------+------------------------+
 * </pre>
 *
 * All records before an entry's offset have a timestamp of at most the entry's.
 */
final class TimeIndex {
    static final int ENTRY_BYTES = 12;

    private final IndexFile entries;
    private final long baseOffset;

    TimeIndex(IndexFile entries, long baseOffset) {
        this.entries = entries;
        this.baseOffset = baseOffset;
    }

    IndexFile entries() {
        return entries;
    }

    /** Adds an entry unless the last one has this timestamp or a later one. */
    void append(long timestampMs, long offset) {
        int count = entries.count();
        if (timestampMs > (count == 0 ? -1 : entries.longAt(count - 1))) {
            entries.append(timestampMs, (int) (offset - baseOffset), true);
        }
    }

    /** An offset below which every record is older than {@code timestampMs}. */
    long offsetBefore(long timestampMs) {
        int low = 0;
        int high = entries.count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (entries.longAt(middle) < timestampMs) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? baseOffset : offsetAt(high);
    }

    /** Drops entries at {@code offset} and beyond. */
    void truncate(long offset) {
        int count = entries.count();
        while (count > 0 && offsetAt(count - 1) >= offset) {
            count--;
        }
        entries.truncate(count);
    }

    long lastTimestamp() {
        int count = entries.count();
        return count == 0 ? -1 : entries.longAt(count - 1);
    }

    long lastOffset() {
        int count = entries.count();
        return count == 0 ? baseOffset : offsetAt(count - 1);
    }

    private long offsetAt(int entry) {
        return baseOffset + entries.intAt(entry, 8);
    }
}
