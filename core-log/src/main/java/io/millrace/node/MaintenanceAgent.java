package io.millrace.node;

import io.millrace.client.Pending;
import io.millrace.kernel.Agent;
import io.millrace.kernel.Clock;
import io.millrace.log.LogStorage;
import io.millrace.log.StorageException;
import io.millrace.record.CorruptBatchException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code maintenance}: writes checkpoints, rewrites compacted logs and removes the directories of deleted partitions, in small steps on a thread
 * of its own. It asks the log agent which log is next and hands back what is to be put in place.
 */
final class MaintenanceAgent implements Agent {

    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceAgent.class);

    /** Read and rewritten in one step. */
    private static final int STEP_BYTES = 1 << 20;

    private final Clock clock;
    private final Door door;
    private final LogStorage storage;
    private final DeletedDirectories deleted;
    private final long intervalNs;
    private long dueNs;

    private Checkpoints written = Checkpoints.NONE;
    private @Nullable Pending<Checkpoints> checkpoints;
    private @Nullable Pending<Optional<CompactionRound>> asked;
    private @Nullable CompactionRound round;
    private @Nullable Pending<Boolean> swapping;
    private boolean removing;

    MaintenanceAgent(Clock clock, Door door, LogStorage storage, DeletedDirectories deleted, long intervalNs) {
        this.clock = clock;
        this.door = door;
        this.storage = storage;
        this.deleted = deleted;
        this.intervalNs = intervalNs;
        this.dueNs = clock.nanoTime() + intervalNs;
        this.removing = true; // what an earlier life has left
    }

    @Override
    public String name() {
        return "maintenance";
    }

    @Override
    public long nextDeadlineNs() {
        return asked == null && round == null && !removing ? dueNs : Long.MAX_VALUE;
    }

    @Override
    public int step() {
        int sent = door.flush();
        if (removing) {
            removing = storage.failure().isEmpty() && deleted.removeOne();
            return 1;
        }
        if (checkpoints != null && checkpoints.isDone()) {
            write(checkpoints);
            return 1;
        }
        if (round != null) {
            return compact(round) + sent;
        }
        if (asked != null) {
            return begin(asked) + sent;
        }
        if (clock.nanoTime() < dueNs) {
            return sent;
        }
        dueNs = clock.nanoTime() + intervalNs;
        removing = true;
        deleted.beginRound();
        checkpoints = door.ask((log, request) -> Checkpoints.of(log.partitions()));
        asked = door.ask((log, request) -> log.compactions().begin(log));
        return 1;
    }

    private void write(Pending<Checkpoints> answer) {
        checkpoints = null;
        if (answer.isFailed()
                || answer.value().equals(written)
                || storage.failure().isPresent()) {
            return;
        }
        try {
            answer.value().write(storage, written);
            written = answer.value();
        } catch (StorageException e) {
            LOG.warn("the checkpoints stay as they were: {}", e.getMessage());
        }
    }

    private int begin(Pending<Optional<CompactionRound>> answer) {
        if (!answer.isDone()) {
            return 0;
        }
        asked = null;
        round = answer.isFailed() ? null : answer.value().orElse(null);
        return 1;
    }

    private int compact(CompactionRound current) {
        if (swapping != null) {
            return swap(current, swapping);
        }
        if (current.partition().handle().isDeleted()) {
            current.compaction().discard(); // its directory can go at once
            end(current, null);
            return 1;
        }
        try {
            switch (current.compaction().step(STEP_BYTES)) {
                case WORKING -> {
                    return 1;
                }
                case GROUP_READY ->
                    swapping = door.ask((log, request) -> log.compactions().swap(log, current));
                case DONE -> end(current, null);
            }
        } catch (StorageException | CorruptBatchException e) {
            giveUp(current, String.valueOf(e.getMessage()));
        }
        return 1;
    }

    private int swap(CompactionRound current, Pending<Boolean> answer) {
        if (!answer.isDone()) {
            return 0;
        }
        swapping = null;
        if (answer.isFailed()) {
            giveUp(current, answer.message());
        } else if (!answer.value()) {
            giveUp(current, "its segments were removed meanwhile");
        }
        return 1;
    }

    private void giveUp(CompactionRound current, String why) {
        current.compaction().discard();
        end(current, why);
    }

    private void end(CompactionRound current, @Nullable String failure) {
        round = null;
        door.<Void>ask((log, request) -> {
            log.compactions().end(log, current, failure);
            return null;
        });
        asked = door.ask((log, request) -> log.compactions().begin(log));
    }
}
