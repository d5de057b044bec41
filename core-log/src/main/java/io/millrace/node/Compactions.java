package io.millrace.node;

import io.millrace.log.Compaction;
import io.millrace.log.PartitionLog;
import io.millrace.log.StorageException;
import io.millrace.node.Troubles.Chore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log agent's side of compaction: which partition is next, and putting results in place. */
final class Compactions {

    /** A partition whose round failed is left alone for so long. */
    private static final long PAUSE_AFTER_FAILURE_MS = 600_000;

    private final TombstoneFloors floors = new TombstoneFloors();
    private final Map<Partition, Long> pausedUntilMs = new HashMap<>();
    private int next;

    /** Under way on the maintenance agent; at most one at a time. */
    private @Nullable CompactionRound active;

    TombstoneFloors floors() {
        return floors;
    }

    /** Begins a round in the next partition that needs one, in turn; empty if none does. */
    Optional<CompactionRound> begin(LogOwner log) {
        List<Partition> all = new ArrayList<>(log.partitions().all());
        pausedUntilMs.values().removeIf(until -> until <= log.nowMs());
        for (int i = 0; i < all.size(); i++) {
            Partition partition = all.get((next + i) % all.size());
            PartitionLog opened = partition.log();
            if (opened != null && partition.config().compacts() && !pausedUntilMs.containsKey(partition)) {
                Optional<Compaction> round = begin(log, partition, opened);
                if (round.isPresent()) {
                    next = (next + i + 1) % all.size();
                    CompactionRound begun = new CompactionRound(partition, round.get());
                    active = begun;
                    return Optional.of(begun);
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Compaction> begin(LogOwner log, Partition partition, PartitionLog opened) {
        try {
            long floor = floors.of(partition.id(), partition.config().tombstonesHeld());
            return opened.beginCompaction(floor, Compaction.MAP_BYTES, log.nowMs());
        } catch (StorageException e) {
            failed(log, partition, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Puts what is ready in its place; false if the round cannot go on. */
    boolean swap(LogOwner log, CompactionRound round) {
        return !round.partition().handle().isDeleted()
                && log.failure().isEmpty()
                && opened(round).swap(round.compaction(), log.nowMs());
    }

    /** Whether files of this partition are being rewritten, so that its directory must stay where it is. */
    boolean isActive(Partition partition) {
        return active != null && active.partition() == partition;
    }

    /** @param failure why it did not come to its end; null if it did, or its topic is gone */
    void end(LogOwner log, CompactionRound round, @Nullable String failure) {
        active = null;
        if (failure == null) {
            log.troubles().passed(round.partition(), Chore.COMPACTION);
        } else {
            failed(log, round.partition(), failure);
        }
        opened(round).endCompaction();
        log.partitionIsIdle();
    }

    private void failed(LogOwner log, Partition partition, String why) {
        pausedUntilMs.put(partition, log.nowMs() + PAUSE_AFTER_FAILURE_MS);
        log.troubles().failed(partition, Chore.COMPACTION, why);
    }

    private static PartitionLog opened(CompactionRound round) {
        return Objects.requireNonNull(round.partition().log());
    }
}
