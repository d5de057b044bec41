package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes durable what topics with {@code durability=os} have left to the operating system, when a client asks for it. Owned by
 * the log agent.
 *
 * <p>It goes beside the pipeline, so that no append waits for these syncs. Whoever asks while a round is under way waits for
 * the next one. A log is in one sync at a time, of a round here or of the pipeline: their results must come in their order.
 */
final class BackgroundSyncs implements Timers {

    private final SyncPool pool;
    private final List<Pending<Void>> asked = new ArrayList<>();
    private final List<Pending<Void>> inRound = new ArrayList<>();

    /** What the round still waits for: the end to which each log must be durable. */
    private final Map<Partition, Long> ends =
            new TreeMap<>((left, right) -> left.id().compareTo(right.id()));

    private final Deque<SyncTask> unsent = new ArrayDeque<>();
    private final List<SyncTask> running = new ArrayList<>();
    private boolean stopped;

    BackgroundSyncs(SyncPool pool) {
        this.pool = pool;
    }

    /** Answered when everything that is written by now is durable. */
    void ask(Pending<Void> answer) {
        if (stopped) {
            answer.fail(ErrorCode.BROKER_NOT_AVAILABLE, "the log node has stopped");
        } else {
            asked.add(answer);
        }
    }

    @Override
    public int run(LogOwner log) {
        int work = collect(log) + send();
        if (inRound.isEmpty()) {
            if (asked.isEmpty()) {
                return work;
            }
            begin(log);
        }
        for (Iterator<Map.Entry<Partition, Long>> left = ends.entrySet().iterator(); left.hasNext(); ) {
            Map.Entry<Partition, Long> end = left.next();
            Partition partition = end.getKey();
            if (partition.isSyncing()) {
                continue;
            }
            if (partition.handle().isDeleted() || partition.flushedEnd() >= end.getValue()) {
                left.remove();
            } else {
                unsent.add(new SyncTask(partition));
            }
        }
        work += send();
        if (ends.isEmpty() || log.failure().isPresent()) {
            end(log);
            work++;
        }
        return work;
    }

    private void begin(LogOwner log) {
        inRound.addAll(asked);
        asked.clear();
        for (Partition partition : log.partitions().all()) {
            if (!partition.syncs() && partition.isUnsynced()) {
                ends.put(partition, partition.view().logEndOffset());
            }
        }
    }

    private int send() {
        int sent = 0;
        while (!unsent.isEmpty() && pool.offer(unsent.peek())) {
            running.add(unsent.remove());
            sent++;
        }
        return sent;
    }

    private int collect(LogOwner log) {
        int collected = 0;
        for (Iterator<SyncTask> tasks = running.iterator(); tasks.hasNext(); ) {
            SyncTask task = tasks.next();
            if (task.hasRun()) {
                tasks.remove();
                task.tell();
                log.counters().synced(1);
                collected++;
            }
        }
        if (collected > 0) {
            log.partitionIsIdle();
        }
        return collected;
    }

    private void end(LogOwner log) {
        ends.clear();
        List<Pending<Void>> answered = List.copyOf(inRound);
        inRound.clear();
        String failure = log.failure().orElse(null);
        for (Pending<Void> answer : answered) {
            if (failure == null) {
                answer.succeed(null);
            } else {
                answer.fail(ErrorCode.KAFKA_STORAGE_ERROR, "the data directory has failed: " + failure);
            }
        }
    }

    /** Nothing here comes due by itself: requests and finished syncs wake the log agent. */
    @Override
    public long nextDeadlineMs() {
        return Long.MAX_VALUE;
    }

    /** Answers everybody: nobody waits for ever on a node that has stopped. */
    void stop() {
        stopped = true;
        inRound.addAll(asked);
        asked.clear();
        inRound.forEach(answer -> answer.fail(ErrorCode.BROKER_NOT_AVAILABLE, "the log node has stopped"));
        inRound.clear();
        ends.clear();
    }

    /** For the end, as {@link SyncStage#settle}. */
    void settle() {
        running.addAll(unsent);
        unsent.clear();
        running.forEach(SyncTask::settle);
        running.clear();
    }
}
