package io.millrace.store;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Entries in order of time, then arrival. Made for streams: what is new comes at the end or near it, what is old leaves at the
 * front, both without moving the rest.
 */
final class TimedRun {

    private static final int INITIAL_ENTRIES = 4;

    private @Nullable TimedEntry[] entries = new TimedEntry[INITIAL_ENTRIES];
    private int first;
    private int end;

    /** Grows with every change, so that a walk knows when to find its place again. */
    private int changes;

    void add(TimedEntry entry) {
        if (end == entries.length) {
            makeRoom();
        }
        int at = end;
        if (first < end && entry.isBefore(at(end - 1).timeMs, at(end - 1).arrival)) {
            at = indexFrom(entry.timeMs, entry.arrival);
            System.arraycopy(entries, at, entries, at + 1, end - at);
        }
        entries[at] = entry;
        end++;
        changes++;
    }

    void remove(TimedEntry entry) {
        int at = first < end && entries[first] == entry ? first : indexFrom(entry.timeMs, entry.arrival);
        if (at == end || entries[at] != entry) {
            return;
        }
        changes++;
        if (at == first) {
            entries[first++] = null;
        } else {
            System.arraycopy(entries, at + 1, entries, at, end - at - 1);
            entries[--end] = null;
        }
    }

    /** Takes out those that the test says yes to, which sees each once. */
    void removeIf(Predicate<TimedEntry> test) {
        int kept = 0;
        @Nullable TimedEntry[] remaining = new TimedEntry[Math.max(INITIAL_ENTRIES, end - first)];
        for (int i = first; i < end; i++) {
            TimedEntry entry = at(i);
            if (!test.test(entry)) {
                remaining[kept++] = entry;
            }
        }
        if (kept < end - first) {
            entries = Arrays.copyOf(remaining, Math.max(INITIAL_ENTRIES, kept));
            first = 0;
            end = kept;
            changes++;
        }
    }

    @Nullable
    TimedEntry find(long timeMs, long arrival) {
        int at = indexFrom(timeMs, arrival);
        if (at == end) {
            return null;
        }
        TimedEntry entry = at(at);
        return entry.timeMs == timeMs && entry.arrival == arrival ? entry : null;
    }

    boolean isEmpty() {
        return first == end;
    }

    /** The first entry of a run that is not empty. */
    TimedEntry firstEntry() {
        return at(first);
    }

    /** Visits from a time to a time, both inclusive; the visitor may change the run. Returns whether it wants more. */
    boolean range(long fromMs, long toMs, Visitor visitor) {
        int at = indexFrom(fromMs, Long.MIN_VALUE);
        while (at < end) {
            TimedEntry entry = at(at);
            if (entry.timeMs > toMs) {
                return true;
            }
            int before = changes;
            if (!visitor.visit(entry)) {
                return false;
            }
            at = before == changes ? at + 1 : indexFrom(entry.timeMs, entry.arrival + 1);
        }
        return true;
    }

    /** Sees entries one by one. */
    @FunctionalInterface
    interface Visitor {

        /** Returns whether to go on. */
        boolean visit(TimedEntry entry);
    }

    /** The index of the first entry that is not before this place. */
    private int indexFrom(long timeMs, long arrival) {
        int low = first;
        int high = end;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).isBefore(timeMs, arrival)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private TimedEntry at(int index) {
        return Objects.requireNonNull(entries[index]);
    }

    private void makeRoom() {
        int count = end - first;
        int capacity = count * 2 > entries.length ? entries.length * 2 : entries.length;
        @Nullable TimedEntry[] moved = Arrays.copyOfRange(entries, first, first + capacity);
        entries = moved;
        first = 0;
        end = count;
    }
}
