package io.millrace.connect.builtin;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of UTF-8 into lines and counts the bytes of each, so that a reader can come back to exactly there.
 *
 * <p>A line ends with LF or CR LF, or with the stream. A byte order mark at the start of a file is passed over. Owned by one
 * thread.
 */
final class LineReader implements Closeable {

    static final int LINE_BYTES_MAX = 16 * 1024 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final char REPLACEMENT = '\uFFFD';
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private boolean ended;
    private long lineCount;
    private long byteCount;

    /** @param lineCount lines of the file before the stream's first byte; {@code byteCount} their bytes */
    LineReader(InputStream in, long lineCount, long byteCount) {
        this.in = in;
        this.lineCount = lineCount;
        this.byteCount = byteCount;
    }

    /** Lines handed out or passed over, counted from the start of the file. */
    long lineCount() {
        return lineCount;
    }

    /** Bytes of those lines, their endings included. */
    long byteCount() {
        return byteCount;
    }

    /** The next line without its ending, null at the end. */
    @Nullable
    String next() throws IOException {
        var length = nextLength();
        if (length < 0) {
            return null;
        }
        var from = start + markLength(length);
        var to = start + length;
        if (to > from && buffer[to - 1] == '\n') {
            to--;
        }
        if (to > from && buffer[to - 1] == '\r') {
            to--;
        }
        var line = decode(from, to);
        advance(length);
        return line;
    }

    /** Passes over a line; false at the end. */
    boolean skip() throws IOException {
        var length = nextLength();
        if (length < 0) {
            return false;
        }
        advance(length);
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void advance(int length) {
        start += length;
        byteCount += length;
        lineCount++;
    }

    /** Bytes of the next line with its ending, all of them in the buffer; -1 at the end. */
    private int nextLength() throws IOException {
        var searched = start;
        while (true) {
            for (var i = searched; i < end; i++) {
                if (buffer[i] == '\n') {
                    return i + 1 - start;
                }
            }
            if (ended) {
                return end > start ? end - start : -1;
            }
            var pending = end - start;
            fill();
            searched = start + pending;
        }
    }

    private void fill() throws IOException {
        var pending = end - start;
        if (pending == buffer.length) {
            if (pending >= LINE_BYTES_MAX) {
                throw new IOException("it is longer than " + LINE_BYTES_MAX + " bytes");
            }
            buffer = Arrays.copyOf(buffer, 2 * pending);
        }
        System.arraycopy(buffer, start, buffer, 0, pending);
        start = 0;
        end = pending;
        var read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            ended = true;
        } else {
            end += read;
        }
    }

    private int markLength(int lineLength) {
        var marked = byteCount == 0
                && lineLength >= BYTE_ORDER_MARK.length
                && Arrays.equals(
                        buffer, start, start + BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
        return marked ? BYTE_ORDER_MARK.length : 0;
    }

    /** The fast decoder puts a replacement where bytes are broken; only then the strict one is asked whether they are. */
    private String decode(int from, int to) throws IOException {
        var line = new String(buffer, from, to - from, StandardCharsets.UTF_8);
        if (line.indexOf(REPLACEMENT) >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, from, to - from));
            } catch (CharacterCodingException e) {
                throw new IOException("it is not UTF-8", e);
            }
        }
        return line;
    }
}
