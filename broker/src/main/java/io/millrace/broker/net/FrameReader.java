package io.millrace.broker.net;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Cuts the bytes of a connection into frames, each on an array of its own, of which records are slices until the log has
 * them. Memory is taken as bytes arrive, not for what a length claims. On the connection's event loop.
 */
final class FrameReader {

    /** What is taken for a frame before its bytes have come, if it claims to be so long. */
    static final int FIRST_BYTES = 16 << 10;

    /** How many times what has come is taken for a frame that goes on: few copies, and little for a mere claim. */
    private static final int GROWTH = 4;

    private static final byte[] NOTHING = {};

    /** What became of the bytes that were given. */
    enum Progress {
        /** All are taken, and the frame needs more. */
        NEEDS_BYTES,
        /** Nothing more is taken until the budget has room. */
        NEEDS_ROOM,
        /** {@link #frame} is whole. */
        WHOLE
    }

    private final int frameBytesMax;
    private final IntPredicate budget;
    private int prefixBytes;
    private int length;
    private byte[] frame = NOTHING;
    private int filled;
    private long readBytes;

    /**
     * @param frameBytesMax {@code socket.request.max.bytes}
     * @param budget takes so many bytes, or says no
     */
    FrameReader(int frameBytesMax, IntPredicate budget) {
        this.frameBytesMax = frameBytesMax;
        this.budget = budget;
    }

    /**
     * Takes bytes until a frame is whole.
     *
     * @throws FrameLengthException if a frame claims a length that none can have
     */
    Progress read(ByteBuf in) {
        while (prefixBytes < Integer.BYTES) {
            if (!in.isReadable()) {
                return Progress.NEEDS_BYTES;
            }
            length = length << Byte.SIZE | in.readUnsignedByte();
            prefixBytes++;
            if (prefixBytes == Integer.BYTES && (length < 0 || length > frameBytesMax)) {
                throw new FrameLengthException("a request claims " + length + " bytes, the most are " + frameBytesMax
                        + " (socket.request.max.bytes)");
            }
        }
        while (filled < length) {
            if (!in.isReadable()) {
                return Progress.NEEDS_BYTES;
            }
            if (filled == frame.length && !grow(in.readableBytes())) {
                return Progress.NEEDS_ROOM;
            }
            int count = Math.min(in.readableBytes(), frame.length - filled);
            in.readBytes(frame, filled, count);
            filled += count;
            readBytes += count;
        }
        return Progress.WHOLE;
    }

    private boolean grow(int readable) {
        long hasCome = (long) filled + readable;
        int wanted = (int) Math.min(length, filled == 0 ? Math.max(FIRST_BYTES, hasCome) : GROWTH * hasCome);
        if (!budget.test(wanted - frame.length)) {
            return false;
        }
        frame = Arrays.copyOf(frame, wanted);
        return true;
    }

    /** The frame that is whole, without its length; the next one may follow. */
    byte[] frame() {
        byte[] whole = frame;
        frame = NOTHING;
        filled = 0;
        length = 0;
        prefixBytes = 0;
        return whole;
    }

    /** Bytes of all frames so far. */
    long readBytes() {
        return readBytes;
    }

    /** What is taken for a frame that is not whole yet. */
    int takenBytes() {
        return frame.length;
    }
}
