package io.millrace.connect.builtin;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** A file that is being read: its stored bytes, counted, and the lines they hold. Owned by one reader. */
final class OpenFile implements Closeable {

    private static final int UNPACK_BUFFER_BYTES = 64 * 1024;

    private final CountingStream stored;
    private final LineReader lines;

    private OpenFile(CountingStream stored, LineReader lines) {
        this.stored = stored;
        this.lines = lines;
    }

    /** Opens a file behind the lines of a position: by seeking where the input can, else by reading past them. */
    static OpenFile at(LineInput input, LinePosition position) throws IOException {
        var seeks = input.isSeekable();
        var skipped = seeks ? position.byteCount() : 0;
        var stored = new CountingStream(input.open(skipped), skipped);
        try {
            var unpacked = input.isPacked() ? new GZIPInputStream(stored, UNPACK_BUFFER_BYTES) : stored;
            var lines = new LineReader(unpacked, seeks ? position.lineCount() : 0, skipped);
            var file = new OpenFile(stored, lines);
            file.readPast(position);
            return file;
        } catch (IOException e) {
            stored.close();
            throw new IOException("The input " + input.name() + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    LineReader lines() {
        return lines;
    }

    long storedBytesRead() {
        return stored.count;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private void readPast(LinePosition position) throws IOException {
        while (lines.lineCount() < position.lineCount() && lines.skip()) {
            // Only the count is of interest.
        }
        if (lines.lineCount() != position.lineCount() || lines.byteCount() != position.byteCount()) {
            throw new IOException("it is not what was read before, where line " + position.lineCount()
                    + " ended at byte "
                    + position.byteCount() + " and not line " + lines.lineCount() + " at byte " + lines.byteCount()
                    + "; put the file back, or reset the job");
        }
    }

    private static final class CountingStream extends FilterInputStream {
        private long count;

        CountingStream(InputStream in, long count) {
            super(in);
            this.count = count;
        }

        @Override
        public int read() throws IOException {
            var read = super.read();
            if (read >= 0) {
                count++;
            }
            return read;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            var read = super.read(into, offset, length);
            if (read > 0) {
                count += read;
            }
            return read;
        }
    }
}
