package io.millrace.store;

/** An entry of a store in order of time. */
final class TimedEntry extends Entry {

    final long timeMs;

    /** Tells values of one key and time apart; 0 in timer stores. */
    final long arrival;

    /** Whether it stands among those that have a value, in order of time. */
    boolean isListed;

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
