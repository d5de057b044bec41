package io.millrace.streams.runtime;

import io.millrace.streams.JobOptions;

/** Counts attempts that got nowhere, and says how long to pause before the next. Pure. */
final class RestartPolicy {

    private static final int DOUBLINGS_MAX = 20;

    private final JobOptions options;
    private int withoutProgress;

    RestartPolicy(JobOptions options) {
        this.options = options;
    }

    /** @param committedEpochs in the attempt that ended */
    void attemptEnded(long committedEpochs) {
        withoutProgress = committedEpochs > 0 ? 1 : withoutProgress + 1;
    }

    boolean mayRestart() {
        return withoutProgress <= options.restartsWithoutProgress();
    }

    long pauseNs() {
        long pause = options.restartBackoff().toNanos() << Math.min(Math.max(withoutProgress - 1, 0), DOUBLINGS_MAX);
        long max = options.restartBackoffMax().toNanos();
        return pause < 0 ? max : Math.min(pause, max);
    }
}
