package io.millrace.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file of index entries of equal size in ascending order, big-endian, as Kafka's.
 *
 * <p>While its segment is written, all entries are in memory and go to the file now and then through positional writes,
 * never through a mapping (S7). When the segment is sealed the memory is given back and entries are read from the file. An
 * index is derived data: it is never synced before it is sealed, and rebuilt after an unclean end (S8).
 *
 * <p>One writer, which owns the segment; readers on any thread. Publication: the writer fills the array, then sets
 * {@code count} with release; a reader acquires {@code count} first. A reader that overlaps with {@link #truncate} may see
 * cut entries, all of which lie above whatever it may read.
 */
final class IndexFile {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    /** {@link #saveIfMany} leaves fewer bytes than this to the next time. */
    private static final int UNSAVED_BYTES_MIN = 4096;

    private static final int CAPACITY_MIN = 16;

    private final LogFile file;
    private final int entryBytes;
    private volatile byte @Nullable [] memory;
    private volatile int count;
    private int savedCount;
    /** A save has failed: anything may lie in the file behind what was saved before. */
    private boolean torn;

    private IndexFile(LogFile file, int entryBytes, byte @Nullable [] memory, int count) {
        this.file = file;
        this.entryBytes = entryBytes;
        this.memory = memory;
        this.count = count;
        this.savedCount = memory == null ? count : 0;
    }

    /** An empty index that will be written. What the file had is overwritten and cut. */
    static IndexFile writable(LogFile file, int entryBytes) {
        file.truncate(0);
        return new IndexFile(file, entryBytes, new byte[CAPACITY_MIN * entryBytes], 0);
    }

    /** The index of a sealed segment, as it is in the file. */
    static IndexFile sealed(LogFile file, int entryBytes) {
        return new IndexFile(file, entryBytes, null, Math.toIntExact(file.size() / entryBytes));
    }

    LogFile file() {
        return file;
    }

    int count() {
        return count;
    }

    long sizeInBytes() {
        return (long) count * entryBytes;
    }

    /** Makes a sealed index writable again, as when its segment becomes the active one after a clean start. */
    void reopen() {
        if (memory == null) {
            byte[] content = new byte[Math.max(CAPACITY_MIN, count) * entryBytes];
            ByteBuffer target = ByteBuffer.wrap(content, 0, count * entryBytes);
            file.read(0, target);
            memory = content;
        }
    }

    /** Begins anew, writable, with no entry. */
    void clear() {
        file.truncate(0);
        memory = new byte[CAPACITY_MIN * entryBytes];
        count = 0;
        savedCount = 0;
    }

    /** Adds an entry of a long (if the entries have one) and one or two ints, in memory only. */
    void append(long first, int last, boolean wide) {
        byte[] entries = room();
        int index = count;
        int at = index * entryBytes;
        if (wide) {
            LONG.set(entries, at, first);
            INT.set(entries, at + 8, last);
        } else {
            INT.set(entries, at, (int) first);
            INT.set(entries, at + 4, last);
        }
        count = index + 1;
    }

    private byte[] room() {
        byte[] entries = memory;
        if (entries == null) {
            throw new IllegalStateException("index " + file.path() + " is sealed");
        }
        int needed = (count + 1) * entryBytes;
        if (needed > entries.length) {
            entries = Arrays.copyOf(entries, Math.max(needed, entries.length * 2));
            memory = entries;
        }
        return entries;
    }

    int intAt(int entry, int byteInEntry) {
        byte[] entries = memory;
        if (entries != null) {
            return (int) INT.get(entries, entry * entryBytes + byteInEntry);
        }
        return fromFile(entry, byteInEntry, Integer.BYTES).getInt(0);
    }

    long longAt(int entry) {
        byte[] entries = memory;
        if (entries != null) {
            return (long) LONG.get(entries, entry * entryBytes);
        }
        return fromFile(entry, 0, Long.BYTES).getLong(0);
    }

    private ByteBuffer fromFile(int entry, int byteInEntry, int length) {
        ByteBuffer target = ByteBuffer.allocate(length);
        if (file.read((long) entry * entryBytes + byteInEntry, target) != length) {
            throw new StorageException(
                    StorageException.Kind.IO, "index " + file.path() + " has no entry " + entry, null);
        }
        return target;
    }

    /** Cuts the index to its first {@code entries} entries. */
    void truncate(int entries) {
        if (entries < count) {
            byte[] old = memory;
            if (old != null) {
                memory = Arrays.copyOf(old, old.length); // readers of the old array are not disturbed
            }
            count = entries;
            if (savedCount > entries) {
                file.truncate((long) entries * entryBytes);
                savedCount = entries;
            }
        }
    }

    /** Brings the file up to the memory, if that is worth a write. */
    void saveIfMany() {
        if ((count - savedCount) * entryBytes >= UNSAVED_BYTES_MIN) {
            save();
        }
    }

    /** Brings the file up to the memory. If it throws, the next save does it. */
    void save() {
        byte[] entries = memory;
        if (entries != null && (torn || savedCount < count)) {
            int from = savedCount * entryBytes;
            if (torn) {
                file.truncate(from);
            }
            torn = true;
            file.write(from, ByteBuffer.wrap(entries, from, (count - savedCount) * entryBytes));
            savedCount = count;
            torn = false;
        }
    }

    /** Gives the memory back; everything must be saved. */
    void release() {
        memory = null;
    }
}
