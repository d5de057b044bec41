package io.millrace.server.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines as bytes, whatever their encoding; a line that ends with CR LF ends before both. */
final class Lines {

    /** Above what a batch takes, so that the refusal names the batch. */
    private static final int BYTES_MAX = 2 << 20;

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(InputStream in) {
        this.in = in;
    }

    /** Null at the end. */
    byte @Nullable [] next() throws IOException {
        line.reset();
        for (int one = in.read(); one >= 0; one = in.read()) {
            if (one == '\n') {
                return taken();
            }
            line.write(one);
            if (line.size() > BYTES_MAX) {
                throw new CommandRefused("a line is longer than " + BYTES_MAX + " bytes, which no record can be.");
            }
        }
        return line.size() == 0 ? null : taken();
    }

    private byte[] taken() {
        byte[] bytes = line.toByteArray();
        boolean hasReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return hasReturn ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }

    /** Everything that is left, as it is. */
    byte[] rest() throws IOException {
        byte[] bytes = in.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
            throw new CommandRefused("the input is longer than " + BYTES_MAX + " bytes, which no record can be.");
        }
        return bytes;
    }

    /** Where a piece is first found, -1 if it is not. */
    static int indexOf(byte[] bytes, byte[] piece) {
        for (int at = 0; at + piece.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + piece.length, piece, 0, piece.length)) {
                return at;
            }
        }
        return -1;
    }
}
