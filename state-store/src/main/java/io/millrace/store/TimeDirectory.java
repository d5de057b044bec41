package io.millrace.store;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Things by start time, in two parallel arrays: most accesses hit the one that was hit last, new ones come at the end, and old
 * ones leave at the front. Indices hold until something is added or removed.
 *
 * @param <T> items of windows, buckets of values
 */
final class TimeDirectory<T> {

    private static final int INITIAL_ITEMS = 16;

    private long[] starts = new long[INITIAL_ITEMS];

    private @Nullable Object[] items = new @Nullable Object[INITIAL_ITEMS];

    private int first;
    private int end;
    private int hit;

    /** Where the pane with the smallest start of at least {@code startMs} is, {@link #end} if there is none. */
    int indexFrom(long startMs) {
        if (hit >= first && hit < end && starts[hit] == startMs) {
            return hit;
        }
        int at = Arrays.binarySearch(starts, first, end, startMs);
        if (at >= 0) {
            hit = at;
            return at;
        }
        return -at - 1;
    }

    @Nullable
    T find(long startMs) {
        int at = indexFrom(startMs);
        return at < end && starts[at] == startMs ? at(at) : null;
    }

    void add(long startMs, T item) {
        int at = indexFrom(startMs);
        if (end == starts.length) {
            at -= makeRoom();
        }
        System.arraycopy(starts, at, starts, at + 1, end - at);
        System.arraycopy(items, at, items, at + 1, end - at);
        starts[at] = startMs;
        items[at] = item;
        end++;
        hit = at;
    }

    void removeFirst() {
        items[first++] = null;
    }

    void remove(long startMs) {
        int at = indexFrom(startMs);
        if (at == end || starts[at] != startMs) {
            return;
        }
        if (at == first) {
            removeFirst();
        } else {
            System.arraycopy(starts, at + 1, starts, at, end - at - 1);
            System.arraycopy(items, at + 1, items, at, end - at - 1);
            items[--end] = null;
        }
    }

    int first() {
        return first;
    }

    int end() {
        return end;
    }

    long startAt(int index) {
        return starts[index];
    }

    @SuppressWarnings("unchecked")
    T at(int index) {
        return (T) Objects.requireNonNull(items[index]);
    }

    /** Moves all to the front of an array that is at most half full; returns by how much they moved. */
    private int makeRoom() {
        int count = end - first;
        int moved = first;
        int capacity = count * 2 > starts.length ? starts.length * 2 : starts.length;
        long[] movedStarts = new long[capacity];
        @Nullable Object[] movedItems = Arrays.copyOfRange(items, first, first + capacity);
        System.arraycopy(starts, first, movedStarts, 0, count);
        starts = movedStarts;
        items = movedItems;
        first = 0;
        end = count;
        return moved;
    }
}
