package io.millrace.node;

import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Agent;
import io.millrace.kernel.Clock;
import io.millrace.log.LogStorage;
import io.millrace.log.StorageException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code scrub}: reads sealed segments at a bounded rate and looks for rotten bits, one pass over all partitions at a time, on
 * the maintenance thread. It asks the log agent for the next segment and hands back what it found. Between two passes it
 * has one deadline and does nothing.
 */
final class ScrubAgent implements Agent {

    private static final Logger LOG = LoggerFactory.getLogger(ScrubAgent.class);

    private static final int STEP_BYTES = 1 << 20;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MS = 1_000_000L;

    /** The position is written down at most this often; a restart reads again what came after. */
    private static final long CHECKPOINT_MS = 10_000;

    private final Clock clock;
    private final Door door;
    private final LogStorage storage;
    private final ScrubLimits limits;
    private @Nullable ScrubCheckpoint at;
    private @Nullable Pending<Optional<Scrubs.Target>> asked;
    private Scrubs.@Nullable Target target;
    private long dueNs;
    private long writtenMs;

    /** @param delayNs before the first look, so that a start is not slowed down */
    ScrubAgent(Clock clock, Door door, LogStorage storage, ScrubLimits limits, long delayNs) {
        this.clock = clock;
        this.door = door;
        this.storage = storage;
        this.limits = limits;
        this.dueNs = limits.bytesPerSecond() == 0 ? Long.MAX_VALUE : clock.nanoTime() + delayNs;
    }

    @Override
    public String name() {
        return "scrub";
    }

    @Override
    public long nextDeadlineNs() {
        return asked == null ? dueNs : Long.MAX_VALUE;
    }

    @Override
    public int step() {
        int sent = door.flush();
        Pending<Optional<Scrubs.Target>> answer = asked;
        if (answer != null) {
            return answer.isDone() ? take(answer) : sent;
        }
        if (dueNs == Long.MAX_VALUE || clock.nanoTime() < dueNs) {
            return sent;
        }
        if (storage.failure().isPresent()) {
            dueNs = Long.MAX_VALUE;
            return 1;
        }
        Scrubs.Target current = target;
        if (current == null) {
            look();
        } else {
            read(current);
        }
        return 1;
    }

    /** Goes on with the pass, begins one, or waits until one is due. */
    private void look() {
        ScrubCheckpoint known = at;
        if (known == null) {
            known = ScrubCheckpoint.read(storage).orElseGet(() -> ScrubCheckpoint.begin(clock.wallMs()));
        }
        if (known.isOver()) {
            long leftMs = limits.interval().toMillis() - Math.max(0, clock.wallMs() - known.beganMs());
            if (leftMs > 0) {
                at = known;
                dueNs = clock.nanoTime() + leftMs * NANOS_PER_MS;
                return;
            }
            known = ScrubCheckpoint.begin(clock.wallMs());
        }
        at = known;
        TopicPartition from = known.partition();
        long offset = known.offset();
        if (from != null) {
            asked = door.ask((log, request) -> Scrubs.next(log, from, offset));
        }
    }

    private int take(Pending<Optional<Scrubs.Target>> answer) {
        asked = null;
        ScrubCheckpoint known = at;
        if (answer.isFailed()) {
            dueNs = Long.MAX_VALUE; // the node has stopped
        } else if (answer.value().isPresent()) {
            target = answer.value().get();
        } else if (known != null) {
            at = known.over();
            checkpoint(known.over());
        }
        return 1;
    }

    private void read(Scrubs.Target current) {
        int read = 0;
        try {
            read = current.scrub().step(STEP_BYTES);
        } catch (StorageException e) {
            LOG.debug(
                    "partition={} a segment has gone while it was read: {}",
                    current.partition().id(),
                    e.getMessage());
            target = null;
        }
        dueNs = clock.nanoTime() + read * NANOS_PER_SECOND / limits.bytesPerSecond();
        if (current.scrub().isDone()) {
            target = null;
            if (current.scrub().defect() != null) {
                door.<Void>ask((log, request) -> {
                    Scrubs.quarantine(log, current);
                    return null;
                });
            }
            ScrubCheckpoint known = at;
            if (known != null) {
                at = known.at(current.partition().id(), current.scrub().endOffset());
                if (clock.wallMs() - writtenMs >= CHECKPOINT_MS) {
                    checkpoint(at);
                }
            }
        }
    }

    private void checkpoint(ScrubCheckpoint reached) {
        writtenMs = clock.wallMs();
        try {
            reached.write(storage);
        } catch (StorageException e) {
            LOG.warn("the position of scrubbing is not written down: {}", e.getMessage());
        }
    }
}
