package io.millrace.streams.operator;

import org.jspecify.annotations.Nullable;

/**
 * A value in state with the largest event time that contributed to it.
 *
 * <p>One object per key, changed in place where it belongs to the open epoch, so that an update of a hot key allocates
 * nothing. Rows of tables are never changed, only replaced. Owned by the shard's lane.
 */
public final class Stamped {

    /** Null only in an aggregate's row that was just deleted. */
    @Nullable
    Object value;

    long timestampMs;

    /** The update that waits for the end of the epoch; not part of the state. */
    @Nullable
    PendingUpdate pending;

    public Stamped(@Nullable Object value, long timestampMs) {
        this.value = value;
        this.timestampMs = timestampMs;
    }

    public @Nullable Object value() {
        return value;
    }

    /** Event time in ms since 1970. */
    public long timestampMs() {
        return timestampMs;
    }

    @Override
    public String toString() {
        return value + "@" + timestampMs;
    }
}
