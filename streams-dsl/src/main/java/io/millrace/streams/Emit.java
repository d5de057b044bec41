package io.millrace.streams;

import java.time.Duration;

/** When an aggregate hands its results on. */
public sealed interface Emit {

    /** Every update, de-duplicated per key and epoch. */
    record OnUpdate() implements Emit {}

    /** One final result per key and window, once stream time has passed the window's end plus grace. */
    record OnWindowClose() implements Emit {}

    /** The newest update per key, at most once per interval of stream time. */
    record OnUpdateAtMost(long intervalMs) implements Emit {}

    static Emit onUpdate() {
        return new OnUpdate();
    }

    static Emit onWindowClose() {
        return new OnWindowClose();
    }

    static Emit onUpdateAtMost(Duration interval) {
        return new OnUpdateAtMost(interval.toMillis());
    }
}
