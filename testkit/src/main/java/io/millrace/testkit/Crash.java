package io.millrace.testkit;

/** What a crash leaves behind. The backing stores of state fall back to an earlier batch either way, as their log is off. */
public enum Crash {
    /** The process is gone; the log keeps every write, as the system's page cache outlives the process. */
    KILL,
    /** The machine is gone too: the log keeps what was synced, and of the rest whatever the seed says. */
    POWER_CUT
}
