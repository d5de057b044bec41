package io.millrace.store;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** An ordered walk over heap entries that survives entries coming and going underneath. */
interface HeapWalk {

    /** The entry the walk stands at, null at the end. */
    @Nullable
    Entry peek();

    void advance();

    /** Over an array in order of key bytes that is not changed any more. */
    static HeapWalk of(Entry[] sorted) {
        return new HeapWalk() {
            private int at;

            @Override
            public @Nullable Entry peek() {
                return at < sorted.length ? sorted[at] : null;
            }

            @Override
            public void advance() {
                at++;
            }
        };
    }

    /** Over an index, from a key (inclusive) to a key (exclusive, null for the end). Steps by key and not by iterator. */
    static HeapWalk of(NavigableMap<byte[], Entry> index, byte[] from, byte @Nullable [] to) {
        return new HeapWalk() {
            private Map.@Nullable Entry<byte[], Entry> next = bounded(index.ceilingEntry(from));

            @Override
            public @Nullable Entry peek() {
                return next == null ? null : next.getValue();
            }

            @Override
            public void advance() {
                if (next != null) {
                    next = bounded(index.higherEntry(next.getKey()));
                }
            }

            private Map.@Nullable Entry<byte[], Entry> bounded(Map.@Nullable Entry<byte[], Entry> entry) {
                return entry == null || (to != null && Arrays.compareUnsigned(entry.getKey(), to) >= 0) ? null : entry;
            }
        };
    }
}
