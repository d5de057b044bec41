package io.millrace.streams.runtime;

import io.millrace.kernel.Pipeline;
import io.millrace.store.BackingStore;
import io.millrace.store.MemoryBudget;
import io.millrace.store.ShardState;
import io.millrace.store.StateStoreException;
import io.millrace.streams.runtime.LaneEvent.ShardStart;
import java.util.HashMap;
import java.util.Map;

/**
 * One lane in one attempt: the process stage of its pipeline, over all shards it owns. Owned by the lane's thread.
 *
 * <p>Items are taken in their order. One that cannot be taken yet (an exchange is full, a barrier is not through) stays at the
 * head, is offered again, and meanwhile the rings from other lanes go on being emptied, deepest exchange first.
 */
final class Lane {

    private final LaneAssignment assignment;
    private final LaneOutlet outlet;
    private final LaneContext.LaneClock clock;
    private final LaneOutputs outputs;
    private final LaneTasks tasks;
    private final LaneBarrier barrier;
    private final Map<Integer, ShardKeeper> shards;
    private final Pipeline<StoreAgent.Order> storeRing;
    private final MemoryBudget memory;
    private boolean isRunning;

    /** Number of the newest commit the lane knows: a slice may have something of it. */
    private long lastCommit;

    Lane(
            LaneAssignment assignment,
            LaneOutlet outlet,
            LaneContext.LaneClock clock,
            LaneOutputs outputs,
            LaneTasks tasks,
            Map<Integer, ShardKeeper> shards,
            Pipeline<StoreAgent.Order> storeRing,
            MemoryBudget memory) {
        this.assignment = assignment;
        this.outlet = outlet;
        this.clock = clock;
        this.outputs = outputs;
        this.tasks = tasks;
        this.shards = shards;
        this.storeRing = storeRing;
        this.memory = memory;
        this.barrier = new LaneBarrier(tasks, assignment.plan().exchanges(), assignment.inbound());
        for (InboundRing ring : assignment.inbound()) {
            ring.receiver(frame -> takeInbound(ring, frame));
        }
    }

    /** Says which positions the backing stores have. */
    void opened() {
        Map<Integer, ShardStart> starts = new HashMap<>();
        shards.forEach((shard, keeper) -> starts.put(shard, new ShardStart(shard, keeper.state.position())));
        outlet.send(new LaneEvent.Opened(assignment.attempt(), assignment.lane(), starts));
    }

    /** Takes one item of the pipeline; false for "not now". */
    boolean take(LaneItem item, long wallMs) throws Exception {
        clock.wallMs = wallMs;
        // What a barrier lets out while it waits for other lanes must not be overtaken: it does not stay with its item.
        outputs.into(item instanceof LaneItem.Barrier ? outlet.looseOutputs : item.outputs);
        if (item instanceof Frame frame) {
            return takeFrame(frame);
        } else if (item instanceof LaneItem.Barrier end) {
            return takeBarrier(end);
        } else if (item instanceof LaneItem.Committed commit) {
            committed(commit);
        } else if (item instanceof LaneItem.Unread unread) {
            tasks.unread(unread.fragment, unread.shard, unread.progressMs, unread.version);
        } else if (item instanceof LaneItem.Restore restore) {
            return restore(restore);
        } else if (item instanceof LaneItem.Restored restored) {
            restored(restored);
        } else if (item instanceof LaneItem.Begin) {
            begin();
        } else if (item instanceof LaneItem.Ask ask) {
            ask.question.answer(shards);
        } else if (item instanceof LaneItem.WriteOut) {
            return writeOut();
        }
        return true;
    }

    private void begin() throws Exception {
        for (ShardKeeper keeper : shards.values()) {
            for (LaneTask task : keeper.tasks) {
                task.open();
            }
        }
        isRunning = true;
    }

    /** Applies committed changelog; false while too much of what came before is not written below. */
    private boolean restore(LaneItem.Restore restore) {
        if (isPressed() && outlet.gauges.heldBytes() > 0) {
            return false;
        }
        lastCommit = restore.commit;
        keeper(restore.shard).restore(restore.batches, restore.fromOffset, restore.position);
        measureState();
        return true;
    }

    private ShardKeeper keeper(int shard) {
        ShardKeeper keeper = shards.get(shard);
        if (keeper == null) {
            throw new IllegalStateException("shard " + shard + " is not on lane " + assignment.lane());
        }
        return keeper;
    }

    private boolean takeFrame(Frame frame) throws Exception {
        Exchanges exchanges = tasks.exchanges();
        if (!exchanges.isClearFrom(frame.fragment)) {
            exchanges.flush();
            if (!exchanges.isClearFrom(frame.fragment)) {
                return false;
            }
        }
        outlet.gauges.at(frame.fragment);
        tasks.run(frame);
        outlet.gauges.at(LaneGauges.NOWHERE);
        exchanges.flush();
        measure();
        return true;
    }

    /** Takes a frame from another lane; false while it must wait. */
    private boolean takeInbound(InboundRing ring, ExchangeFrame frame) throws Exception {
        int to = assignment.plan().exchanges().get(ring.exchange).toFragment();
        if (ring.barrierEpoch > barrier.endedEpoch() || !tasks.exchanges().isClearFrom(to)) {
            return false;
        }
        outputs.into(outlet.looseOutputs);
        int shard = frame.progressShard;
        frame.progressShard = -1;
        outlet.gauges.at(to);
        tasks.run(frame);
        outlet.gauges.at(LaneGauges.NOWHERE);
        if (shard >= 0) {
            tasks.upstreamProgressed(ring.exchange, shard, frame.progressMs, frame.progressVersion);
        }
        if (frame.barrierEpoch > 0) {
            ring.barrierEpoch = frame.barrierEpoch;
        }
        tasks.exchanges().flush();
        measure();
        return true;
    }

    /** Looks at what other lanes have sent, before the lane takes its own input. */
    void look() {
        for (InboundRing ring : assignment.inbound()) {
            ring.look();
        }
    }

    /** Steps what is not in the pipeline: rings from other lanes, timers of the wall clock, state on its way down. */
    int stepAside(long wallMs) throws Exception {
        int work = tasks.exchanges().flush();
        for (InboundRing ring : assignment.inbound()) {
            work += ring.step();
        }
        work += wallClock(wallMs);
        return work + writeBack(wallMs, isPressed());
    }

    /** Whether timers of the wall clock may fire; if not, what stands in the way wakes the lane when it is gone. */
    private boolean mayFire() {
        return isRunning && !barrier.isUnderWay() && tasks.exchanges().isClearFrom(0);
    }

    private int wallClock(long wallMs) throws Exception {
        if (!mayFire() || tasks.nextWallClockMs() > wallMs) {
            return 0;
        }
        clock.wallMs = wallMs;
        outputs.into(outlet.looseOutputs);
        int due = tasks.advanceWallClock(wallMs);
        if (due > 0) {
            outlet.send(new LaneEvent.Worked(assignment.attempt(), assignment.lane()));
        }
        return due;
    }

    private void restored(LaneItem.Restored restored) throws Exception {
        lastCommit = restored.commit;
        Map<Integer, MetaRecord> metas = new HashMap<>();
        for (ShardKeeper keeper : shards.values()) {
            keeper.restored(restored.positions.get(keeper.shard));
            MetaRecord meta = keeper.meta();
            if (meta != null) {
                metas.put(keeper.shard, meta);
            }
        }
        tasks.begin();
        outlet.send(new LaneEvent.Ready(assignment.attempt(), assignment.lane(), metas));
    }

    private boolean takeBarrier(LaneItem.Barrier end) throws Exception {
        if (!barrier.advance(end.epoch) || outputs.isWaitingForTopics()) {
            return false;
        }
        for (ShardKeeper keeper : shards.values()) {
            keeper.endEpoch(end.epoch, end.positions.get(keeper.shard), clock.wallMs, outputs);
        }
        outputs.endEpoch();
        barrier.ended();
        measure();
        return true;
    }

    private void measure() {
        outlet.gauges.measure(tasks.recordCount(), outputs.recordCount(), tasks.waitingBytes());
        measureState();
    }

    private void committed(LaneItem.Committed commit) {
        lastCommit = commit.commit;
        for (ShardKeeper keeper : shards.values()) {
            keeper.committed(commit.positions.get(keeper.shard));
        }
        measureState();
    }

    void measureState() {
        long pinned = 0;
        for (ShardKeeper keeper : shards.values()) {
            pinned += keeper.state.pinnedBytes();
        }
        outlet.gauges.pinned(pinned);
    }

    private boolean isPressed() {
        long own = assignment.options().stateMemoryBytes() / 2 / assignment.laneCount();
        return memory.isPinnedExceeded() || outlet.gauges.heldBytes() > own;
    }

    /** Hands over the slices that are due. Returns how many. */
    private int writeBack(long wallMs, boolean isPressed) {
        int handed = 0;
        for (ShardKeeper keeper : shards.values()) {
            BackingStore backing = keeper.backing();
            while (backing != null && storeRing.size() < storeRing.capacity() / 2) {
                ShardState.Slice slice = keeper.nextSlice(wallMs, isPressed);
                if (slice == null) {
                    break;
                }
                StoreAgent.Write write = new StoreAgent.Write(
                        assignment.attempt(), assignment.lane(), keeper.shard, backing, slice, lastCommit);
                if (!storeRing.offer(write)) {
                    throw new IllegalStateException("the ring to the store agent is full, though half of it was free");
                }
                handed++;
            }
        }
        return handed;
    }

    /** A slice came back. */
    void confirm(StoreAgent.Written written) {
        if (written.failure() != null) {
            throw new StateStoreException(
                    "shard " + written.write().shard() + " cannot go on without its store: "
                            + written.failure().getMessage(),
                    written.failure());
        }
        keeper(written.write().shard()).confirm(written.write().slice());
        measureState();
    }

    /** A topic that a sink chose is known now. */
    void found(OutputTopic topic) throws Exception {
        outputs.into(outlet.looseOutputs);
        outputs.found(topic);
    }

    private boolean writeOut() {
        writeBack(clock.wallMs, true);
        for (ShardKeeper keeper : shards.values()) {
            if (!keeper.isWrittenOut()) {
                return false;
            }
        }
        return true;
    }

    /** The attempt is over. */
    void close() {
        for (ShardKeeper keeper : shards.values()) {
            keeper.tasks.forEach(LaneTask::close);
            keeper.close();
        }
    }

    /** Earliest wall-clock time (ms) at which {@link #stepAside} has something to do that nobody wakes the lane for. */
    long nextWallClockMs(long wallMs) {
        long next = mayFire() ? tasks.nextWallClockMs() : Long.MAX_VALUE;
        for (ShardKeeper keeper : shards.values()) {
            // What is due now was not handed over because other lanes fill the ring of the store agent.
            long sliceMs = keeper.nextSliceMs();
            next = Math.min(next, sliceMs == Long.MAX_VALUE ? sliceMs : Math.max(sliceMs, wallMs + 1));
        }
        return next;
    }
}
