package io.millrace.record.wire;

import java.util.List;

/**
 * Parts of arrays that follow each other, such as batches that lie in several pieces of memory.
 *
 * @param parts in their order
 * @param size of all of them in bytes
 */
public record ByteSlices(List<ByteSlice> parts, int size) implements Payload {

    public ByteSlices {
        parts = List.copyOf(parts);
    }

    /** @throws ArithmeticException if they are more than an array can hold */
    public static ByteSlices of(List<ByteSlice> parts) {
        int size = 0;
        for (ByteSlice part : parts) {
            size = Math.addExact(size, part.size());
        }
        return new ByteSlices(parts, size);
    }

    @Override
    public void copyTo(ByteWriter out) {
        parts.forEach(part -> part.copyTo(out));
    }
}
