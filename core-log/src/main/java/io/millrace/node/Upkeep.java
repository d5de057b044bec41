package io.millrace.node;

import io.millrace.log.PartitionLog;
import io.millrace.log.StorageException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log agent does for its logs at regular times: retention, forgetting idle producers, syncs that only
 * {@code flush.ms} asks for. Partitions are visited a few per step, so that appends do not wait for all of them.
 */
final class Upkeep implements Timers {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /** Kafka's {@code producer.id.expiration.ms}. */
    static final long PRODUCER_EXPIRATION_MS = 86_400_000L;

    private static final int PARTITIONS_PER_STEP = 16;

    private final LogOwner log;
    private final long intervalMs;
    private final Deque<Partition> unvisited = new ArrayDeque<>();
    private long nextRoundMs;
    private boolean inRound;

    Upkeep(LogOwner log, long intervalMs) {
        this.log = log;
        this.intervalMs = intervalMs;
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
        }
        return 1;
    }

    private void visitSome() {
        try {
            for (int i = 0; i < PARTITIONS_PER_STEP && !unvisited.isEmpty(); i++) {
                visit(unvisited.remove());
            }
            if (unvisited.isEmpty()) {
                inRound = false;
            }
        } catch (StorageException e) {
            LOG.warn("upkeep stops until its next round: {}", e.getMessage());
            if (e.kind() == StorageException.Kind.NO_SPACE) {
                log.disk().isFull(log, String.valueOf(e.getMessage())); // the next round finds the ballast's room
            }
            unvisited.clear();
            inRound = false;
        }
    }

    private void visit(Partition partition) {
        PartitionLog opened = partition.log();
        if (opened == null || partition.handle().isDeleted()) {
            return;
        }
        opened.retain(log.nowMs());
        opened.expireProducers(log.nowMs(), PRODUCER_EXPIRATION_MS);
        if (partition.isSyncDue(log.nowMs())) {
            log.submit(new SyncWork(partition));
        }
    }
}
