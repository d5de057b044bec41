package io.millrace.streams;

/**
 * Where a job stands.
 *
 * <pre>
 *   CREATED ──▶ STARTING ──▶ RESTORING ──▶ RUNNING ──▶ STOPPING ──▶ STOPPED
 *                  ▲  └──────────┬────────────┘            │
 *                  │          a failure                    │
 *                  └─────── RESTARTING ──────▶ FAILED ◀────┘
 * </pre>
 */
public enum JobState {
    /** Made, not started. */
    CREATED,
    /** Claims its group, fences older runs, finds its topics and makes its plan. */
    STARTING,
    /** Brings its state to the last commit. */
    RESTORING,
    /** Reads, processes and commits. */
    RUNNING,
    /** An attempt failed: what it had not committed is dropped, the next one begins after a pause. */
    RESTARTING,
    /** Commits what it has read, and writes its state. */
    STOPPING,
    /** Ended by {@link Job#close}. Final. */
    STOPPED,
    /** Ended by a failure that a restart does not cure. Final. */
    FAILED;

    /** Whether the job will never run again. */
    public boolean isFinal() {
        return this == STOPPED || this == FAILED;
    }

    /** Whether a job may go from this state to the other. */
    public boolean mayBecome(JobState next) {
        return switch (this) {
            case CREATED -> next == STARTING || next == STOPPED || next == FAILED;
            case STARTING -> next == RESTORING || next == RESTARTING || next == STOPPING || isEnd(next);
            case RESTORING -> next == RUNNING || next == RESTARTING || next == STOPPING || isEnd(next);
            case RUNNING -> next == STOPPING || next == RESTARTING || isEnd(next);
            case RESTARTING -> next == STARTING || isEnd(next);
            case STOPPING -> isEnd(next);
            case STOPPED, FAILED -> false;
        };
    }

    private static boolean isEnd(JobState state) {
        return state == STOPPED || state == FAILED;
    }
}
