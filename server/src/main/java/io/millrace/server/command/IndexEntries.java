package io.millrace.server.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The entries of an index file beside a segment, all of the same size. A broker of Apache Kafka makes room for them in advance, so
 * zeros at the end are no entries.
 */
final class IndexEntries {

    /** An index is never larger than this by Kafka's own rules, unless somebody has configured more. */
    private static final long FILE_BYTES_MAX = 1 << 30;

    private final ByteBuffer bytes;
    private final int entryBytes;
    private final int count;

    private IndexEntries(ByteBuffer bytes, int entryBytes) {
        this.bytes = bytes;
        this.entryBytes = entryBytes;
        int last = bytes.limit();
        while (last > 0 && bytes.get(last - 1) == 0) {
            last--;
        }
        this.count = (last + entryBytes - 1) / entryBytes;
    }

    /** No entries if there is no such file: a node makes it again. */
    static IndexEntries read(Path segment, String ending, int entryBytes) throws IOException {
        String name = SegmentFile.name(segment).replaceFirst("\\.log$", ending);
        Path file = segment.resolveSibling(name);
        if (!Files.exists(file)) {
            return new IndexEntries(ByteBuffer.allocate(0), entryBytes);
        }
        long size = Files.size(file);
        if (size > FILE_BYTES_MAX) {
            throw new CommandRefused(file + " has " + size + " bytes, which no index has.");
        }
        return new IndexEntries(ByteBuffer.wrap(Files.readAllBytes(file)), entryBytes);
    }

    /** Whether the last entry is cut off. */
    boolean isTorn() {
        return (long) count * entryBytes > bytes.limit();
    }

    /** Whole entries. */
    int count() {
        return isTorn() ? count - 1 : count;
    }

    short shortAt(int entry, int at) {
        return bytes.getShort(entry * entryBytes + at);
    }

    int intAt(int entry, int at) {
        return bytes.getInt(entry * entryBytes + at);
    }

    long longAt(int entry, int at) {
        return bytes.getLong(entry * entryBytes + at);
    }
}
