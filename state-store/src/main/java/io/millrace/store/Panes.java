package io.millrace.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The panes of a window store by start, in two parallel arrays: most accesses hit the pane that was hit last, new panes come
 * at the end, and old ones leave at the front.
 */
final class Panes<K, V> {

    private static final int INITIAL_PANES = 16;

    private long[] starts = new long[INITIAL_PANES];

    @SuppressWarnings({"unchecked", "rawtypes"})
    private KeyedEntries<K, V>[] panes = new KeyedEntries[INITIAL_PANES];

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
    KeyedEntries<K, V> find(long startMs) {
        int at = indexFrom(startMs);
        return at < end && starts[at] == startMs ? panes[at] : null;
    }

    void add(long startMs, KeyedEntries<K, V> pane) {
        int at = indexFrom(startMs);
        if (end == starts.length) {
            at -= makeRoom();
        }
        System.arraycopy(starts, at, starts, at + 1, end - at);
        System.arraycopy(panes, at, panes, at + 1, end - at);
        starts[at] = startMs;
        panes[at] = pane;
        end++;
        hit = at;
    }

    void removeFirst() {
        Arrays.fill(panes, first, first + 1, null);
        first++;
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

    KeyedEntries<K, V> paneAt(int index) {
        return panes[index];
    }

    /** Moves all to the front of an array that is at most half full; returns by how much they moved. */
    private int makeRoom() {
        int count = end - first;
        int moved = first;
        int capacity = count * 2 > starts.length ? starts.length * 2 : starts.length;
        long[] movedStarts = new long[capacity];
        KeyedEntries<K, V>[] movedPanes = Arrays.copyOfRange(panes, first, first + capacity);
        System.arraycopy(starts, first, movedStarts, 0, count);
        starts = movedStarts;
        panes = movedPanes;
        first = 0;
        end = count;
        return moved;
    }
}
