package io.millrace.node;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What a log agent has done since its start. Counted by that agent, read by anybody, slightly late. */
final class NodeCounters {

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int BATCHES = 0;
    private static final int BYTES = 1;
    private static final int WRITES = 2;
    private static final int SYNCS = 3;
    private static final int SYNC_ROUNDS = 4;
    private static final int COMMITS = 5;
    private static final int ABORTS = 6;
    private static final int RECORDS = 7;
    private static final int SYNC_NS = 8;
    private static final int COUNT = 9;

    private final long[] cells = new long[COUNT];

    private void add(int cell, long count) {
        CELLS.setOpaque(cells, cell, (long) CELLS.getOpaque(cells, cell) + count);
    }

    private long read(int cell) {
        return (long) CELLS.getOpaque(cells, cell);
    }

    void appended(int records, int bytes) {
        add(BATCHES, 1);
        add(RECORDS, records);
        add(BYTES, bytes);
    }

    void written() {
        add(WRITES, 1);
    }

    void synced(int partitions) {
        add(SYNCS, partitions);
        add(SYNC_ROUNDS, 1);
    }

    /** Answers have waited so long for the disk. */
    void waited(long tookNs) {
        add(SYNC_NS, tookNs);
    }

    void decided(boolean commit) {
        add(commit ? COMMITS : ABORTS, 1);
    }

    /**
     * What was counted, beside what is under way.
     *
     * @param queued as {@link NodeMetrics} has it
     * @param queuedMax the same
     */
    NodeMetrics snapshot(int queued, int queuedMax) {
        return new NodeMetrics(
                read(BATCHES),
                read(RECORDS),
                read(BYTES),
                read(WRITES),
                read(SYNCS),
                read(SYNC_ROUNDS),
                read(SYNC_NS),
                read(COMMITS),
                read(ABORTS),
                queued,
                queuedMax);
    }
}
