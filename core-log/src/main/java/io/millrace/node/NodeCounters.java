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
    private static final int COUNT = 7;

    private final long[] cells = new long[COUNT];

    private void add(int cell, long count) {
        CELLS.setOpaque(cells, cell, (long) CELLS.getOpaque(cells, cell) + count);
    }

    private long read(int cell) {
        return (long) CELLS.getOpaque(cells, cell);
    }

    void appended(int bytes) {
        add(BATCHES, 1);
        add(BYTES, bytes);
    }

    void written() {
        add(WRITES, 1);
    }

    void synced(int partitions) {
        add(SYNCS, partitions);
        add(SYNC_ROUNDS, 1);
    }

    void decided(boolean commit) {
        add(commit ? COMMITS : ABORTS, 1);
    }

    NodeMetrics snapshot() {
        return new NodeMetrics(
                read(BATCHES), read(BYTES), read(WRITES), read(SYNCS), read(SYNC_ROUNDS), read(COMMITS), read(ABORTS));
    }
}
