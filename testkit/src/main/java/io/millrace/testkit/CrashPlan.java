package io.millrace.testkit;

import io.millrace.streams.runtime.EpochHook;
import io.millrace.streams.runtime.EpochPoint;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kills the process when a point of an epoch is reached for the chosen time, and counts how often each is reached. */
final class CrashPlan implements EpochHook {

    private final Map<EpochPoint, Integer> counts = new EnumMap<>(EpochPoint.class);
    private @Nullable EpochPoint point;
    private int timesLeft;
    private boolean hasCrashed;

    /** @param time 1 for the next time */
    void arm(EpochPoint at, int time) {
        if (time < 1) {
            throw new IllegalArgumentException("a crash happens the 1st time or later, not time " + time);
        }
        point = at;
        timesLeft = time;
    }

    @Override
    public void reached(EpochPoint at, long epoch) {
        if (hasCrashed) {
            return;
        }
        counts.merge(at, 1, Integer::sum);
        if (at == point && --timesLeft == 0) {
            point = null;
            hasCrashed = true;
            throw new SimulatedCrash(at, epoch);
        }
    }

    /** How often the point has been reached since the tester was opened. */
    int count(EpochPoint at) {
        return counts.getOrDefault(at, 0);
    }

    void crashNow() {
        point = null;
        hasCrashed = true;
    }

    boolean hasCrashed() {
        return hasCrashed;
    }

    void recovered() {
        hasCrashed = false;
    }
}
