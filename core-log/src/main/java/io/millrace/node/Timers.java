package io.millrace.node;

/** What a log agent does because time has passed. */
interface Timers {

    /** Does what is due at {@link LogOwner#nowMs}; returns units of work. */
    int run(LogOwner log);

    /** Wall-clock time of the next deadline, {@link Long#MAX_VALUE} for never. */
    long nextDeadlineMs();
}
