package io.millrace.log;

import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.Payload;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Whole batches in one file, not read yet and their checksums not looked at: the reader checks those. To be sent on soon; like
 * its {@link LogView} it stays readable for {@code file.delete.delay.ms} after a segment was removed.
 */
public final class FileSlice implements Payload {

    private final LogFile file;
    private final int position;
    private final int size;
    private final long endOffset;

    FileSlice(LogFile file, int position, int size, long endOffset) {
        this.file = file;
        this.position = position;
        this.size = size;
        this.endOffset = endOffset;
    }

    /** Where the first byte is in the file. */
    public int position() {
        return position;
    }

    @Override
    public int size() {
        return size;
    }

    /** No batch of it reaches this offset. */
    public long endOffset() {
        return endOffset;
    }

    /**
     * The file, to be sent from by the operating system; empty if it is none of its files.
     *
     * @throws StorageException if it cannot be opened
     */
    public Optional<FileLease> lend() {
        return file.lend();
    }

    /** @throws StorageException if the disk cannot be read */
    @Override
    public void copyTo(ByteWriter out) {
        byte[] bytes = new byte[size];
        int read = file.read(position, ByteBuffer.wrap(bytes));
        if (read < size) {
            throw new StorageException(
                    StorageException.Kind.IO,
                    file.path() + " ends at " + (position + read) + ", at least " + (position + size)
                            + " bytes were expected",
                    null);
        }
        out.raw(bytes, 0, size);
    }
}
