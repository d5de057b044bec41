package io.millrace.store;

import org.jspecify.annotations.Nullable;

/** An entry of a store in order of time. It stands in the store's time index while the lane sees a value in it. */
final class TimedEntry extends Entry {

    final long timeMs;

    /** Tells values of one key and time apart; 0 in timer stores. */
    final long arrival;

    boolean isIndexed;

    /** The values of its key that it stands among while it is indexed; null in timer stores. */
    @Nullable
    KeyRun run;

    TimedEntry(EntryHome home, Object key, int hash, int bytes, long timeMs, long arrival) {
        super(home, key, hash, bytes);
        this.timeMs = timeMs;
        this.arrival = arrival;
    }

    boolean isLive() {
        Object version = newest();
        return version != null && version != ABSENT;
    }

    boolean isBefore(long otherTimeMs, long otherArrival) {
        return timeMs < otherTimeMs || (timeMs == otherTimeMs && arrival < otherArrival);
    }
}
