package io.millrace.node;

/** Makes the directories of new topics, one per step of the log agent. */
record Openings(LogOwner log) implements Timers {

    @Override
    public int run(LogOwner owner) {
        if (!log.topics().hasUnopened()) {
            return 0;
        }
        log.topics().openOne(log.nowMs());
        return 1;
    }

    @Override
    public long nextDeadlineMs() {
        return log.topics().hasUnopened() ? log.nowMs() : Long.MAX_VALUE;
    }
}
