package io.millrace.streams.runtime;

import java.util.List;

/**
 * Takes back in time that a task has read everything, and numbers these news. Owned by the I/O agent.
 *
 * <p>Records of one transaction become readable partition by partition. When the first of them have been read, the others
 * are at least known to be there: so before any record is sent to a lane, every task that was said to have read everything is
 * looked at again. Otherwise stream time behind an exchange would run ahead of records that are on their way.
 *
 * <p>The news goes to every lane, in order with the frames. What a lane makes of a record sent later may still reach another
 * lane first; so the number travels with everything between lanes, and {@link ProgressBoard} compares.
 */
final class ProgressNews {

    private final List<TaskFeed> feeds;
    private final List<LanePort> ports;
    private long version;

    ProgressNews(List<TaskFeed> feeds, List<LanePort> ports) {
        this.feeds = feeds;
        this.ports = ports;
    }

    long nextVersion() {
        return ++version;
    }

    /** Tells every lane of tasks that had read everything and have not any more. */
    void sendUnread(long nowNs) {
        for (int i = 0; i < feeds.size(); i++) {
            feeds.get(i).sendUnread(ports, nowNs, this);
        }
    }
}
