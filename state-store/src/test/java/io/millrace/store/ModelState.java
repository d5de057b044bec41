package io.millrace.store;

import java.util.Comparator;
import java.util.TreeMap;

/** What the four stores of a {@link ShardScenario} should hold: plain sorted maps, copied whole for each version. */
final class ModelState {

    record TimeKey(long timeMs, String key, long arrival) {
        static final Comparator<TimeKey> BY_TIME_KEY =
                Comparator.comparingLong(TimeKey::timeMs).thenComparing(TimeKey::key);
        static final Comparator<TimeKey> BY_TIME_ARRIVAL =
                Comparator.comparingLong(TimeKey::timeMs).thenComparingLong(TimeKey::arrival);
    }

    final TreeMap<String, Long> counts;
    final TreeMap<TimeKey, Long> windows;
    final TreeMap<TimeKey, Long> join;
    final TreeMap<TimeKey, Long> timers;

    ModelState() {
        counts = new TreeMap<>();
        windows = new TreeMap<>(TimeKey.BY_TIME_KEY);
        join = new TreeMap<>(TimeKey.BY_TIME_ARRIVAL);
        timers = new TreeMap<>(TimeKey.BY_TIME_KEY);
    }

    private ModelState(ModelState other) {
        counts = new TreeMap<>(other.counts);
        windows = new TreeMap<>(other.windows);
        join = new TreeMap<>(other.join);
        timers = new TreeMap<>(other.timers);
    }

    ModelState copy() {
        return new ModelState(this);
    }

    static TimeKey at(long timeMs, String key) {
        return new TimeKey(timeMs, key, 0);
    }
}
