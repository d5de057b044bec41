package io.millrace.node;

import io.millrace.kernel.Clock;
import io.millrace.kernel.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The second stage: one wait for the disk for everything that has come this far, its partitions in parallel (group commit).
 * What arrives meanwhile waits for the next round. At the end of a round the high watermarks move and readers are woken.
 */
final class SyncStage implements Stage<Work> {

    private final SyncPool pool;
    private final LogOwner log;
    private final Clock clock;
    private final Set<Partition> round = new LinkedHashSet<>();
    private final Deque<SyncTask> unsent = new ArrayDeque<>();
    private final List<SyncTask> running = new ArrayList<>();
    private boolean begun;
    private long begunNs;

    SyncStage(SyncPool pool, LogOwner log, Clock clock) {
        this.pool = pool;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public boolean take(Work work) {
        round.addAll(work.touched());
        return true;
    }

    @Override
    public boolean finish() {
        if (!begun && !begin()) {
            return false;
        }
        while (!unsent.isEmpty() && pool.offer(unsent.peek())) {
            running.add(unsent.remove());
        }
        if (!unsent.isEmpty() || !isRoundRun()) {
            return false;
        }
        if (!running.isEmpty()) {
            log.counters().synced(running.size());
            log.counters().waited(clock.nanoTime() - begunNs);
        }
        running.forEach(SyncTask::tell);
        round.forEach(Partition::publish);
        running.clear();
        round.clear();
        begun = false;
        return true;
    }

    /** For the end, when neither the log agent nor a sync agent is stepped any more: brings the open round to its end. */
    void settle() {
        running.addAll(unsent);
        unsent.clear();
        running.forEach(SyncTask::settle);
        running.clear();
        round.clear();
        begun = false;
    }

    /** False while a log that must be synced now still is in a sync of {@link BackgroundSyncs}. */
    private boolean begin() {
        List<Partition> due = new ArrayList<>();
        for (Partition partition : round) {
            if (partition.isSyncDue(log.nowMs())) {
                if (partition.isSyncing()) {
                    return false;
                }
                due.add(partition);
            }
        }
        due.forEach(partition -> unsent.add(new SyncTask(partition)));
        begun = true;
        if (!due.isEmpty()) {
            begunNs = clock.nanoTime();
        }
        return true;
    }

    private boolean isRoundRun() {
        for (int i = 0; i < running.size(); i++) {
            if (!running.get(i).hasRun()) {
                return false;
            }
        }
        return true;
    }
}
