package io.millrace.broker.net;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Cuts the bytes of a connection into frames, each on an array of its own, of which records are slices until the log has
 * them. Memory is taken as bytes arrive, not for what a length claims. On the connection's event loop.
 */
final class FrameReader {

    /** What is taken at once for a frame that claims to be longer; then it doubles. */
    static final int FIRST_BYTES_MAX = 1 << 20;

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
            if (filled == frame.length && !grow()) {
                return Progress.NEEDS_ROOM;
            }
            int count = Math.min(in.readableBytes(), frame.length - filled);
            in.readBytes(frame, filled, count);
            filled += count;
        }
        return Progress.WHOLE;
    }

    private boolean grow() {
        int wanted = (int) Math.min(length, Math.max(FIRST_BYTES_MAX, 2L * frame.length));
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

    /** What is taken for a frame that is not whole yet. */
    int takenBytes() {
        return frame.length;
    }
}
