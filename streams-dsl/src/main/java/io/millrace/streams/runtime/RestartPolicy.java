package io.millrace.streams.runtime;

import io.millrace.streams.JobOptions;

/** Counts attempts that got nowhere, and says how long to pause before the next. Pure. */
final class RestartPolicy {

    private static final int DOUBLINGS_MAX = 20;

    private final JobOptions options;
    private int withoutProgress;
    private int waitsForRoom;

    RestartPolicy(JobOptions options) {
        this.options = options;
    }

    /**
     * @param committedEpochs in the attempt that ended
     * @param forWantOfRoom whether it ended because the disk has no room, which no number of attempts makes worse
     */
    void attemptEnded(long committedEpochs, boolean forWantOfRoom) {
        if (committedEpochs > 0) {
            withoutProgress = 0;
            waitsForRoom = 0;
        }
        if (forWantOfRoom) {
            waitsForRoom++;
        } else {
            withoutProgress++;
        }
    }

    /** A job that may not restart at all does not wait for room either: somebody wants to be told at once. */
    boolean mayRestart() {
        return withoutProgress <= options.restartsWithoutProgress()
                && (waitsForRoom == 0 || options.restartsWithoutProgress() > 0);
    }

    long pauseNs() {
        long pause = options.restartBackoff().toNanos()
                << Math.min(Math.max(withoutProgress + waitsForRoom - 1, 0), DOUBLINGS_MAX);
        long max = options.restartBackoffMax().toNanos();
        return pause < 0 ? max : Math.min(pause, max);
    }
}
