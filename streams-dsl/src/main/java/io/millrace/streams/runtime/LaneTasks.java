package io.millrace.streams.runtime;

import io.millrace.record.Header;
import io.millrace.streams.operator.Receiver;
import io.millrace.streams.operator.RecordContext;
import io.millrace.streams.plan.Exchange;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.topology.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs records through the tasks of one lane, and keeps stream time right behind exchanges. Owned by the lane.
 *
 * <p>After each frame the FIFO of local exchanges is run empty, then progress moves on: a limit rises only behind the records
 * it speaks of. Tasks that hold records back let go what may go whenever the FIFO is empty.
 */
final class LaneTasks {

    private final Plan plan;
    private final LaneTask[][] tasks;
    private final LaneContext[][] contexts;
    private final Exchanges exchanges;
    private final ProgressBoard progress;
    private final long[][] ownProgressMs;

    /** Tasks that hold records back, upstream ones first. */
    private final List<LaneTask> holding = new ArrayList<>();

    private long recordCount;

    /**
     * @param tasks by fragment and shard; null for shards of other lanes
     * @param contexts of the same tasks
     */
    LaneTasks(
            Plan plan,
            @Nullable LaneTask[][] tasks,
            @Nullable LaneContext[][] contexts,
            Exchanges exchanges,
            boolean[][] reads) {
        this.plan = plan;
        this.tasks = tasks;
        this.contexts = contexts;
        this.exchanges = exchanges;
        this.progress = new ProgressBoard(plan, reads);
        ownProgressMs = new long[tasks.length][plan.shardCount()];
        for (int fragment = 0; fragment < tasks.length; fragment++) {
            for (int shard = 0; shard < plan.shardCount(); shard++) {
                ownProgressMs[fragment][shard] = reads[fragment][shard] ? Long.MIN_VALUE : Frame.ALL_READ;
                LaneTask task = tasks[fragment][shard];
                if (task != null && task.held != null) {
                    holding.add(task);
                }
            }
        }
    }

    Exchanges exchanges() {
        return exchanges;
    }

    /** Sets the limits that hold before anything is read. */
    void begin() throws Exception {
        for (int fragment = 0; fragment < tasks.length; fragment++) {
            if (progress.isFed(fragment)) {
                for (LaneTask task : tasks[fragment]) {
                    if (task != null) {
                        task.limit(progress.limitMs(fragment));
                    }
                }
            }
        }
    }

    /** Runs a frame of input through its task. */
    void run(Frame frame) throws Exception {
        LaneTask task = tasks[frame.fragment][frame.shard];
        if (task.held == null) {
            runRecords(task, frame);
        } else {
            for (int i = 0; i < frame.count; i++) {
                task.held.add(frame, i, task.inputs.get(frame.inputs[i]));
            }
        }
        recordCount += frame.count;
        drain();
        ownProgressMs[frame.fragment][frame.shard] = frame.progressMs;
        progressed(frame.fragment, frame.shard);
        if (task.held != null) {
            drain(); // what has waited for this progress
        }
    }

    private void runRecords(LaneTask task, Frame frame) throws Exception {
        RecordContext context = task.context;
        try {
            List<TaskInput> inputs = task.inputs;
            Receiver[] receivers = task.inputReceivers;
            for (int i = 0; i < frame.count; i++) {
                int index = frame.inputs[i];
                TaskInput input = inputs.get(index);
                context.set(input.topic(), input.partition(), frame.offsets[i], frame.headersAt(i), frame.sourceAt(i));
                DecodeFailure failure = frame.failures == null ? null : frame.failureAt(i);
                if (failure == null) {
                    receivers[index].accept(frame.keys[i], frame.values[i], frame.timestampsMs[i], context);
                } else {
                    contexts[task.fragment][task.shard].undecodable(
                            input.source(), failure, frame.timestampsMs[i], context);
                }
            }
        } catch (Throwable e) {
            throw failure(context, e);
        }
    }

    /** Runs the records of another lane through the tasks they are for. */
    void run(ExchangeFrame frame) throws Exception {
        if (progress.sees(frame.version)) {
            refreshLimits();
        }
        exchanges.version(progress.version());
        for (int i = 0; i < frame.count; i++) {
            runRecord(frame, i);
        }
        drain();
        if (frame.progressShard >= 0) {
            throw new IllegalStateException("progress is reported by exchange");
        }
    }

    /**
     * A task, whichever lane it is on, that had read everything has something unread again.
     *
     * @param progressMs how far it has read, if it is on this lane
     */
    void unread(int fragment, int shard, long progressMs, long version) throws Exception {
        progress.unread(fragment, shard, version);
        exchanges.version(progress.version());
        if (tasks[fragment][shard] != null) {
            ownProgressMs[fragment][shard] = progressMs;
        }
        refreshLimits();
        claimAnew();
        drain();
    }

    /** What the lane's own tasks said before may be void now, also if it is still true. */
    private void claimAnew() throws Exception {
        for (int fragment = 0; fragment < tasks.length; fragment++) {
            for (LaneTask task : tasks[fragment]) {
                if (task != null) {
                    progressed(fragment, task.shard);
                }
            }
        }
    }

    /** All limits first: what then becomes due must not meet a limit that does not hold any more. */
    private void refreshLimits() throws Exception {
        List<LaneTask> moved = new ArrayList<>();
        for (int fragment = 0; fragment < tasks.length; fragment++) {
            if (progress.refreshLimit(fragment)) {
                for (LaneTask task : tasks[fragment]) {
                    if (task != null && task.limit(limitMs(task))) {
                        moved.add(task);
                    }
                }
            }
        }
        for (LaneTask task : moved) {
            advance(task);
        }
    }

    /** An upstream task of another lane has read so far. */
    void upstreamProgressed(int exchange, int shard, long progressMs, long version) throws Exception {
        if (progress.report(exchange, shard, progressMs, version)) {
            refreshBehind(exchange);
        }
    }

    private void runRecord(ExchangeFrame frame, int at) throws Exception {
        int exchange = frame.exchanges[at];
        LaneTask task = tasks[plan.exchanges().get(exchange).toFragment()][frame.shards[at]];
        if (task.held != null) {
            task.held.add(frame, at);
            return;
        }
        RecordContext context = task.context;
        List<Header> headers = frame.headers[at];
        context.set(frame.topics[at], frame.partitions[at], frame.offsets[at], headers, frame.sourceAt(at));
        Receiver receiver = task.exchangeReceivers[exchange];
        try {
            if (receiver != null) {
                receiver.accept(frame.keys[at], frame.values[at], frame.timestampsMs[at], context);
            }
        } catch (Throwable e) {
            throw failure(context, e);
        }
    }

    private static Exception failure(RecordContext context, Throwable cause) {
        if (cause instanceof EpochHook.SimulatedCrash crash) {
            throw crash;
        }
        return cause instanceof RecordFailure known
                ? known
                : new RecordFailure(context.topic(), context.partition(), context.offset(), cause);
    }

    /** Runs the FIFO of local exchanges empty, and what may go from tasks that hold records back; what that adds included. */
    void drain() throws Exception {
        boolean isMoving = true;
        while (isMoving) {
            drainLocal();
            isMoving = false;
            for (LaneTask task : holding) {
                isMoving |= letGo(task, false);
            }
        }
    }

    private void drainLocal() throws Exception {
        if (!exchanges.hasLocal()) {
            return;
        }
        ExchangeFrame local = exchanges.local();
        while (exchanges.hasLocal()) {
            runRecord(local, exchanges.takeLocal());
        }
        exchanges.resetLocal();
    }

    /** Runs what a task holds back, as far as it may go. Returns whether there was anything. */
    private boolean letGo(LaneTask task, boolean epochEnds) throws Exception {
        HeldRecords held = task.held;
        long ownMs = surelyReadMs(task);
        HeldRecords.Held next = held == null ? null : held.next(progress, ownMs, epochEnds);
        if (held == null || next == null) {
            return false;
        }
        for (; next != null; next = held.next(progress, ownMs, epochEnds)) {
            run(task, next);
        }
        drainLocal();
        settle(task);
        return true;
    }

    /** How far (ms) a task has surely read itself: that it has read everything may be void, as with upstream tasks. */
    private long surelyReadMs(LaneTask task) {
        long ownMs = ownProgressMs[task.fragment][task.shard];
        boolean mayBeVoid = ownMs == Frame.ALL_READ && !task.inputs.isEmpty() && progress.isBehind();
        return mayBeVoid ? Long.MIN_VALUE : ownMs;
    }

    private void run(LaneTask task, HeldRecords.Held record) throws Exception {
        RecordContext context = task.context;
        context.set(record.topic(), record.partition(), record.offset(), record.headers(), record.source());
        try {
            if (record.failure() != null) {
                Node source = task.inputs.get(record.input()).source();
                contexts[task.fragment][task.shard].undecodable(
                        source, record.failure(), record.timestampMs(), context);
                return;
            }
            Receiver receiver = record.exchange() == HeldRecords.OWN
                    ? task.inputReceivers[record.input()]
                    : task.exchangeReceivers[record.exchange()];
            if (receiver != null) {
                receiver.accept(record.key(), record.value(), record.timestampMs(), context);
            }
        } catch (Throwable e) {
            throw failure(context, e);
        }
    }

    /** The limit of a task may have moved: lets it do what is due, then tells those behind it. */
    private void settle(LaneTask task) throws Exception {
        if (task.limit(limitMs(task))) {
            advance(task);
        }
        progressed(task.fragment, task.shard);
    }

    /** What upstream has read (ms), as far as the task has got it: what it holds back it has not. */
    private long limitMs(LaneTask task) {
        long limitMs = progress.limitMs(task.fragment);
        return task.held == null ? limitMs : Math.min(limitMs, task.held.smallestMs());
    }

    private void progressed(int fragment, int shard) throws Exception {
        long version = progress.knownVersion();
        long now = ownProgressMs[fragment][shard];
        if (progress.isFed(fragment)) {
            now = Math.min(now, limitMs(tasks[fragment][shard]));
        }
        List<Exchange> all = plan.exchanges();
        for (int exchange = 0; exchange < all.size(); exchange++) {
            if (all.get(exchange).fromFragment() == fragment && progress.report(exchange, shard, now, version)) {
                exchanges.sendProgress(exchange, shard, now, version);
                refreshBehind(exchange);
            }
        }
    }

    private void refreshBehind(int exchange) throws Exception {
        int fragment = plan.exchanges().get(exchange).toFragment();
        boolean hasMoved = progress.refreshLimit(fragment);
        for (LaneTask task : tasks[fragment]) {
            if (task != null && !letGo(task, false) && hasMoved) {
                settle(task);
            }
        }
    }

    private void advance(LaneTask task) throws Exception {
        try {
            task.advance();
        } catch (Throwable e) {
            throw failure(task.context, e);
        }
        drain();
    }

    /** Fires what is due by the wall clock. Returns how many tasks had something. */
    int advanceWallClock(long wallMs) throws Exception {
        int due = 0;
        for (LaneTask[] ofFragment : tasks) {
            for (LaneTask task : ofFragment) {
                if (task != null && task.nextWallClockMs() <= wallMs) {
                    advance(task);
                    due++;
                }
            }
        }
        return due;
    }

    /** Earliest wall-clock time (ms) at which a task has something to do. */
    long nextWallClockMs() {
        long next = Long.MAX_VALUE;
        for (LaneTask[] ofFragment : tasks) {
            for (LaneTask task : ofFragment) {
                if (task != null) {
                    next = Math.min(next, task.nextWallClockMs());
                }
            }
        }
        return next;
    }

    /** Ends the epoch in the tasks of one fragment; what they held back has left it afterwards. */
    void barrier(int fragment) throws Exception {
        for (LaneTask task : tasks[fragment]) {
            if (task != null) {
                letGo(task, true);
                try {
                    task.barrier();
                } catch (Throwable e) {
                    throw failure(task.context, e);
                }
                drain();
            }
        }
    }

    /** Estimated bytes of what waits for its turn. */
    long waitingBytes() {
        long records = 0;
        for (LaneTask task : holding) {
            records += task.held == null ? 0 : task.held.count();
        }
        return exchanges.waitingBytes() + records * ExchangeFrame.RECORD_BYTES;
    }

    int fragmentCount() {
        return tasks.length;
    }

    /** Input records run so far. */
    long recordCount() {
        return recordCount;
    }
}
