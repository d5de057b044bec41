package io.millrace.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The aborted transactions whose markers lie in one segment, in the order of their markers. The file is created with the
 * first one, as Kafka does.
 *
 * <pre>
 *  0             2                10                18               26                        34
 * +-------------+----------------+-----------------+----------------+-------------------------+
 * | version (2) | producer id (8)| first offset (8)| last offset (8)| last stable offset (8)  |
 * | = 0         |                |                 |                |                         |
 * +-------------+----------------+-----------------+----------------+-------------------------+
 * </pre>
 *
 * One writer, which owns the segment; readers on any thread see the first {@code count} entries.
 */
final class AbortedIndex {
    static final int ENTRY_BYTES = 34;
    private static final short VERSION = 0;
    private static final int ENTRIES_PER_READ = 240; // 8 KiB

    private final LogStorage storage;
    private final String path;
    private volatile @Nullable LogFile file;
    private volatile int count;

    AbortedIndex(LogStorage storage, String path) {
        this.storage = storage;
        this.path = path;
        if (storage.exists(path)) {
            LogFile found = storage.open(path, LogStorage.Open.EXISTING);
            file = found;
            count = Math.toIntExact(found.size() / ENTRY_BYTES);
        }
    }

    int count() {
        return count;
    }

    @Nullable
    LogFile file() {
        return file;
    }

    void append(AbortedTransaction aborted) {
        LogFile target = file;
        if (target == null) {
            target = storage.open(path, LogStorage.Open.EMPTY);
            file = target;
        }
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
        entry.putShort(VERSION)
                .putLong(aborted.producerId())
                .putLong(aborted.firstOffset())
                .putLong(aborted.lastOffset())
                .putLong(aborted.lastStableOffset())
                .flip();
        int entries = count;
        target.write((long) entries * ENTRY_BYTES, entry);
        count = entries + 1;
    }

    List<AbortedTransaction> all() {
        List<AbortedTransaction> found = new ArrayList<>();
        visit(aborted -> {
            found.add(aborted);
            return true;
        });
        return found;
    }

    /**
     * Adds the transactions that have records in [from, to).
     *
     * @return whether no later segment can hold another one
     */
    boolean collect(long from, long to, List<AbortedTransaction> found) {
        return !visit(aborted -> {
            if (aborted.lastOffset() >= from && aborted.firstOffset() < to) {
                found.add(aborted);
            }
            return aborted.lastStableOffset() < to;
        });
    }

    /** Shows entries in order, read in pieces, until the visitor has seen enough; whether it has seen all. */
    private boolean visit(Predicate<AbortedTransaction> wantsMore) {
        LogFile source = file;
        int entries = source == null ? 0 : count;
        for (int i = 0; source != null && i < entries; i += ENTRIES_PER_READ) {
            ByteBuffer content = ByteBuffer.allocate(Math.min(ENTRIES_PER_READ, entries - i) * ENTRY_BYTES);
            source.read((long) i * ENTRY_BYTES, content);
            content.flip();
            while (content.remaining() >= ENTRY_BYTES) {
                content.getShort();
                AbortedTransaction aborted = new AbortedTransaction(
                        content.getLong(), content.getLong(), content.getLong(), content.getLong());
                if (!wantsMore.test(aborted)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Drops all entries. */
    void clear() {
        truncate(0);
    }

    /** Drops transactions whose marker is at {@code offset} or beyond. */
    void truncate(long offset) {
        LogFile target = file;
        if (target == null) {
            return;
        }
        int kept = 0;
        for (AbortedTransaction aborted : all()) {
            if (aborted.lastOffset() < offset) {
                kept++;
            }
        }
        if (kept < count || target.size() > (long) kept * ENTRY_BYTES) {
            count = kept;
            target.truncate((long) kept * ENTRY_BYTES);
        }
    }
}
