package io.millrace.streams.runtime;

import io.millrace.client.Appended;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.Transaction;
import io.millrace.store.StorePosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Drives epochs: barrier → drain → append → decide → apply. The only class that knows that order. Owned by the I/O agent.
 *
 * <pre>
 *   OPEN ──barrier sent──▶ DRAINING ──every lane done──▶ APPENDING ──all acknowledged──▶ DECIDING
 *    ▲                                                                                     │ decision durable: lanes are told
 *    └───────────────────────── markers written, held output let go ◀── COMPLETING ◀───────┘
 * </pre>
 *
 * Output enters the open transaction as it comes. While an epoch is being committed lanes already fill the next one; its
 * output is held until the producer may begin again. A crash before the decision leaves an open transaction, which the next
 * attempt aborts by fencing; after it, the log completes the markers, and the changelog is what the decision says.
 */
final class CommitCoordinator {

    /** Appends not yet acknowledged, at most; beyond it no more output is taken from lanes. */
    static final int APPENDS_IN_FLIGHT_MAX = 256;

    /** Bytes of the next epoch's output that are held while one commits; beyond it no more input is sent. */
    static final long HELD_BYTES_MAX = 64L << 20;

    private static final long NEVER = Long.MAX_VALUE;

    private enum Phase {
        OPEN,
        DRAINING,
        APPENDING,
        DECIDING,
        COMPLETING
    }

    /** An append on its way. */
    private record InFlight(Pending<Appended> answer, int lane, OutputBatch batch) {}

    private final String group;
    private final Producer producer;
    private final List<LanePort> ports;
    private final List<BatchPool> pools;
    private final @Nullable UUID changelogId;
    private final @Nullable Catalog catalog;
    private final SyncedCommits commits;
    private final EpochHook hook;

    private Phase phase = Phase.OPEN;

    /** The epoch whose output the open transaction takes. */
    private long epoch = 1;

    private @Nullable Transaction transaction;
    private boolean appendedAny;
    private int lanesDone;
    private PositionsOfEpoch positions = PositionsOfEpoch.none();
    private @Nullable Pending<Void> sendingPositions;
    private @Nullable Pending<Appended> sendingCatalog;
    private @Nullable Pending<Void> decision;
    private @Nullable Pending<ProducerIdentity> completion;
    private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
    private final Map<Integer, StorePosition> changelogPositions = new HashMap<>();
    private final ArrayDeque<LaneEvent.Output> held = new ArrayDeque<>();
    private long heldBytes;
    private long committedCount;
    private final Duration answerMax;
    private long answerUntilNs = NEVER;

    /**
     * @param producer ready
     * @param pools of the lanes, by lane
     * @param answerMax how long the log may owe answers and give none; then the attempt fails
     * @param changelogId topic id of the changelog, null for a job without state
     */
    CommitCoordinator(
            String group,
            Producer producer,
            List<LanePort> ports,
            List<BatchPool> pools,
            @Nullable UUID changelogId,
            @Nullable Catalog catalog,
            SyncedCommits commits,
            Duration answerMax,
            EpochHook hook) {
        this.answerMax = answerMax;
        this.group = group;
        this.producer = producer;
        this.ports = ports;
        this.pools = pools;
        this.changelogId = changelogId;
        this.catalog = catalog;
        this.commits = commits;
        this.hook = hook;
    }

    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Number of the epoch that lanes fill now. */
    long fillingEpoch() {
        return phase == Phase.OPEN ? epoch : epoch + 1;
    }

    /** Whether output may be taken from lanes. */
    boolean takesOutput() {
        return inFlight.size() < APPENDS_IN_FLIGHT_MAX;
    }

    /** Whether so much of the next epoch's output waits that lanes should get no more input. */
    boolean isFull() {
        return heldBytes > HELD_BYTES_MAX;
    }

    /** Epochs committed in this attempt. */
    long committedCount() {
        return committedCount;
    }

    /** Ends the epoch: the barrier goes to every lane. Only while {@link #isOpen}. */
    void beginCommit(PositionsOfEpoch inputPositions) {
        positions = inputPositions;
        Map<Integer, InputPositions> byShard = inputPositions.byShard();
        lanesDone = 0;
        phase = Phase.DRAINING;
        for (LanePort port : ports) {
            Map<Integer, InputPositions> own = new HashMap<>();
            byShard.forEach((shard, moved) -> {
                if (shard % ports.size() == port.lane) {
                    own.put(shard, moved);
                }
            });
            port.send(new LaneItem.Barrier(epoch, own));
        }
        hook.reached(EpochPoint.BARRIER_SENT, epoch);
    }

    /** Takes a batch from a lane. */
    void output(LaneEvent.Output output) {
        if (output.batch().epoch() == epoch && phase != Phase.COMPLETING) {
            append(output);
        } else {
            held.addLast(output);
            heldBytes += output.batch().records().sizeInBytes();
        }
    }

    private void append(LaneEvent.Output output) {
        OutputBatch batch = output.batch();
        inFlight.addLast(new InFlight(transaction().append(batch.partition(), batch.records()), output.lane(), batch));
        appendedAny = true;
        hook.reached(
                batch.changelogShard() == OutputBatch.NO_SHARD
                        ? EpochPoint.OUTPUT_APPENDED
                        : EpochPoint.CHANGELOG_APPENDED,
                epoch);
    }

    private Transaction transaction() {
        Transaction open = transaction;
        if (open == null) {
            open = producer.begin();
            transaction = open;
        }
        return open;
    }

    /** A lane has handed over everything of the epoch. */
    void laneDone(long doneEpoch) {
        if (doneEpoch != epoch || phase != Phase.DRAINING) {
            throw new IllegalStateException(
                    "a lane ended epoch " + doneEpoch + " while epoch " + epoch + " was " + phase);
        }
        lanesDone++;
        if (lanesDone == ports.size()) {
            sendRest();
            phase = Phase.APPENDING;
        }
    }

    private void sendRest() {
        var offsets = positions.groupOffsets();
        if (!offsets.isEmpty()) {
            sendingPositions = transaction().commitOffsets(group, offsets);
            appendedAny = true;
            hook.reached(EpochPoint.POSITIONS_SENT, epoch);
        }
        if (catalog != null && catalog.hasNews()) {
            sendingCatalog = transaction().append(catalog.partition(), catalog.takeNews());
            appendedAny = true;
        }
    }

    /**
     * Goes as far as answers allow. Returns units of work done.
     *
     * @throws LogException if a request was refused, or the log owes answers and has given none for too long
     */
    int step(long nowNs) {
        int work = takeAnswers();
        if (!isOwedAnswers()) {
            answerUntilNs = NEVER;
        } else if (work > 0 || answerUntilNs == NEVER) {
            answerUntilNs = nowNs + answerMax.toNanos();
        } else if (nowNs >= answerUntilNs) {
            throw new LogException(
                    ErrorCode.REQUEST_TIMED_OUT,
                    "the log has answered nothing for " + answerMax.toSeconds() + " s (" + this
                            + "); see its log for a disk that failed or hangs");
        }
        return work;
    }

    private boolean isOwedAnswers() {
        return !inFlight.isEmpty()
                || sendingPositions != null
                || sendingCatalog != null
                || decision != null
                || completion != null;
    }

    /** Time (ns) at which the log will have taken too long. */
    long nextDeadlineNs() {
        return answerUntilNs;
    }

    private int takeAnswers() {
        int work = collectAppends();
        if (phase == Phase.APPENDING && inFlight.isEmpty() && isDone(sendingPositions) && isDone(sendingCatalog)) {
            decide();
            work++;
        }
        if (phase == Phase.DECIDING && isDone(decision)) {
            decided();
            work++;
        }
        if (phase == Phase.COMPLETING && isDone(completion)) {
            completed();
            work++;
        }
        return work;
    }

    /** Whether a request is answered; throws if it was refused. None counts as answered. */
    private static boolean isDone(@Nullable Pending<?> request) {
        if (request == null) {
            return true;
        }
        if (!request.isDone()) {
            return false;
        }
        request.value();
        return true;
    }

    private int collectAppends() {
        int collected = 0;
        for (Iterator<InFlight> all = inFlight.iterator(); all.hasNext(); ) {
            InFlight append = all.next();
            if (append.answer().isDone()) {
                OutputBatch batch = append.batch();
                Appended appended = append.answer().value();
                if (batch.changelogShard() != OutputBatch.NO_SHARD) {
                    // Answers are seen in any order while the log gives them.
                    changelogPositions.merge(
                            batch.changelogShard(),
                            new StorePosition(
                                    Objects.requireNonNull(changelogId),
                                    appended.lastOffset() + 1,
                                    appended.leaderEpoch(),
                                    epoch),
                            (known, one) -> one.changelogOffset() > known.changelogOffset() ? one : known);
                }
                pools.get(append.lane()).giveBack(batch.shape(), batch.records());
                all.remove();
                collected++;
            }
        }
        return collected;
    }

    private void decide() {
        sendingPositions = null;
        sendingCatalog = null;
        Transaction open = transaction;
        if (open == null || !appendedAny) {
            apply();
            nextEpoch();
            return;
        }
        decision = open.commit();
        phase = Phase.DECIDING;
        hook.reached(EpochPoint.DECISION_ASKED, epoch);
    }

    private void decided() {
        hook.reached(EpochPoint.DECIDED, epoch);
        decision = null;
        apply();
        completion = Objects.requireNonNull(transaction).completed();
        phase = Phase.COMPLETING;
    }

    private void apply() {
        long commit = commits.next();
        for (LanePort port : ports) {
            Map<Integer, StorePosition> own = new HashMap<>();
            changelogPositions.forEach((shard, position) -> {
                if (shard % ports.size() == port.lane) {
                    own.put(shard, position);
                }
            });
            port.send(new LaneItem.Committed(epoch, own, commit));
        }
        changelogPositions.clear();
        committedCount++;
        hook.reached(EpochPoint.APPLIED, epoch);
    }

    private void completed() {
        hook.reached(EpochPoint.MARKERS_DONE, epoch);
        completion = null;
        nextEpoch();
    }

    private void nextEpoch() {
        transaction = null;
        appendedAny = false;
        positions = PositionsOfEpoch.none();
        epoch++;
        phase = Phase.OPEN;
        List<LaneEvent.Output> waiting = new ArrayList<>(held);
        held.clear();
        heldBytes = 0;
        waiting.forEach(this::output);
    }

    /** What is being waited for, for messages. */
    @Override
    public String toString() {
        return "epoch " + epoch + " " + phase + ", " + inFlight.size() + " appends in flight, " + lanesDone
                + " lanes done";
    }
}
