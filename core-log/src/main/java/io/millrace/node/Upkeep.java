package io.millrace.node;

import io.millrace.client.TopicPartition;
import io.millrace.log.LogStorage;
import io.millrace.log.OffsetCheckpoint;
import io.millrace.log.PartitionLog;
import io.millrace.log.StorageException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log agent does for its logs at regular times: retention, forgetting idle producers, syncs that only
 * {@code flush.ms} asks for, checkpoints. Partitions are visited a few per step, so that appends do not wait for all of them.
 */
final class Upkeep implements Timers {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /** Kafka's {@code producer.id.expiration.ms}. */
    static final long PRODUCER_EXPIRATION_MS = 86_400_000L;

    private static final int PARTITIONS_PER_STEP = 16;

    private final LogOwner log;
    private final LogStorage storage;
    private final long intervalMs;
    private final Deque<Partition> unvisited = new ArrayDeque<>();
    private long nextRoundMs;
    private boolean inRound;

    Upkeep(LogOwner log, LogStorage storage, long intervalMs) {
        this.log = log;
        this.storage = storage;
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
                writeCheckpoints(storage, log.partitions());
            }
        } catch (StorageException e) {
            LOG.warn("upkeep stops until its next round: {}", e.getMessage());
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

    /** Writes where recovery, reading and compaction of every opened log begin. */
    static void writeCheckpoints(LogStorage storage, PartitionTable partitions) {
        Map<TopicPartition, Long> recoveryPoints = new HashMap<>();
        Map<TopicPartition, Long> cleanedEnds = new HashMap<>();
        for (Partition partition : partitions.all()) {
            if (partition.isOpen()) {
                PartitionLog opened = Objects.requireNonNull(partition.log());
                recoveryPoints.put(partition.id(), opened.flushedEnd());
                if (partition.config().compacts()) {
                    cleanedEnds.put(partition.id(), opened.cleanedEnd());
                }
            }
        }
        OffsetCheckpoint.write(storage, OffsetCheckpoint.RECOVERY_POINTS, recoveryPoints);
        OffsetCheckpoint.write(storage, OffsetCheckpoint.CLEANER_OFFSETS, cleanedEnds);
        writeLogStarts(storage, partitions);
    }

    /** Writes where every opened log begins for readers. */
    static void writeLogStarts(LogStorage storage, PartitionTable partitions) {
        Map<TopicPartition, Long> logStarts = new HashMap<>();
        for (Partition partition : partitions.all()) {
            if (partition.isOpen()) {
                logStarts.put(partition.id(), partition.logStartOffset());
            }
        }
        OffsetCheckpoint.write(storage, OffsetCheckpoint.LOG_STARTS, logStarts);
    }
}
