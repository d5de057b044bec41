package io.millrace.streams.operator;

import io.millrace.store.MultimapStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entries copied out of a join's buffer, in its order, as downstream must not run inside the store's iteration. Reused. */
final class JoinMatches implements MultimapStore.Visitor<Object, Object> {

    private static final int FIRST_CAPACITY = 16;

    private final List<Object> keys = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();
    private long[] times = new long[FIRST_CAPACITY];
    private long[] arrivals = new long[FIRST_CAPACITY];

    @Override
    public boolean visit(Object key, long timeMs, long arrival, Object value) {
        int index = keys.size();
        if (index == times.length) {
            times = Arrays.copyOf(times, 2 * index);
            arrivals = Arrays.copyOf(arrivals, 2 * index);
        }
        keys.add(key);
        values.add(value);
        times[index] = timeMs;
        arrivals[index] = arrival;
        return true;
    }

    int size() {
        return keys.size();
    }

    Object key(int index) {
        return keys.get(index);
    }

    Object value(int index) {
        return values.get(index);
    }

    long timeMs(int index) {
        return times[index];
    }

    long arrival(int index) {
        return arrivals[index];
    }

    void clear() {
        keys.clear();
        values.clear();
    }
}
