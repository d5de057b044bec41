package io.millrace.node;

import io.millrace.log.PartitionLog;
import io.millrace.log.StorageException;
import io.millrace.node.Troubles.Chore;
import io.millrace.record.CorruptBatchException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * What the log agent does for its logs at regular times: retention, forgetting idle producers, syncs that only
 * {@code flush.ms} asks for. Partitions are visited a few per step, so that appends do not wait for all of them, and one whose
 * turn fails has no other to suffer: what it was is kept in {@link Troubles}, and it is tried again in the next round.
 */
final class Upkeep implements Timers {

    private static final int PARTITIONS_PER_STEP = 16;

    private final LogOwner log;
    private final long intervalMs;
    private final LongSupplier producerExpirationMs;
    private final Deque<Partition> unvisited = new ArrayDeque<>();
    private long nextRoundMs;
    private boolean inRound;

    Upkeep(LogOwner log, long intervalMs, LongSupplier producerExpirationMs) {
        this.log = log;
        this.intervalMs = intervalMs;
        this.producerExpirationMs = producerExpirationMs;
        this.nextRoundMs = log.nowMs() + intervalMs;
    }

    @Override
    public long nextDeadlineMs() {
        return inRound ? log.nowMs() : nextRoundMs;
    }

    @Override
    public int run(LogOwner owner) {
        if (inRound) {
            visitSome();
            return 1;
        }
        if (log.nowMs() < nextRoundMs) {
            return 0;
        }
        nextRoundMs = log.nowMs() + intervalMs;
        if (log.failure().isEmpty()) {
            inRound = true;
            unvisited.addAll(log.partitions().all());
            log.troubles().forgetDeleted();
        }
        return 1;
    }

    private void visitSome() {
        for (int i = 0; i < PARTITIONS_PER_STEP && !unvisited.isEmpty(); i++) {
            Partition next = unvisited.remove();
            try {
                visit(next);
                log.troubles().passed(next, Chore.UPKEEP);
            } catch (StorageException e) {
                if (e.kind() == StorageException.Kind.NO_SPACE) {
                    log.disk().isFull(log, String.valueOf(e.getMessage())); // the others find the ballast's room
                }
                log.troubles().failed(next, Chore.UPKEEP, String.valueOf(e.getMessage()));
            } catch (CorruptBatchException e) {
                log.troubles().failed(next, Chore.UPKEEP, String.valueOf(e.getMessage()));
            }
            if (log.failure().isPresent()) {
                unvisited.clear(); // nothing more can be done in this directory
            }
        }
        inRound = !unvisited.isEmpty();
    }

    private void visit(Partition partition) {
        PartitionLog opened = partition.log();
        if (opened == null || partition.handle().isDeleted()) {
            return;
        }
        opened.retain(log.nowMs());
        opened.expireProducers(log.nowMs(), producerExpirationMs.getAsLong());
        if (partition.isSyncDue(log.nowMs())) {
            log.submit(new SyncWork(partition));
        }
    }
}
