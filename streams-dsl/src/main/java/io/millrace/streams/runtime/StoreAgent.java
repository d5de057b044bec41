package io.millrace.streams.runtime;

import io.millrace.kernel.Agent;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.kernel.Stage;
import io.millrace.store.BackingStore;
import io.millrace.store.ShardState;
import io.millrace.store.StateStoreException;
import io.millrace.store.StoreWriter;
import io.millrace.store.WriteBackSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The {@code store} agent: writes slices of committed state to the backing stores, one at a time, so that no lane ever waits
 * for a disk. It holds a slice back until the log has synced its commit ({@link SyncedCommits}). The only writer of the stores.
 * It lives as long as the job.
 */
final class StoreAgent implements Agent {

    private static final int RING_WRITES = 1024;
    private static final long FLUSH_LOOK_NS = Duration.ofSeconds(1).toNanos();

    /** What the agent is asked to do, in order. */
    sealed interface Order permits Write, LetGo {}

    /**
     * A slice on its way down.
     *
     * @param commit the newest that the slice may have something of; see {@link SyncedCommits}
     */
    record Write(long attempt, int lane, int shard, BackingStore store, ShardState.Slice slice, long commit)
            implements Order {}

    /** The attempt is over: whoever sent this may close the stores, or set them aside, once the ring is empty. */
    record LetGo() implements Order {}

    /** A slice on its way back; with a failure it may not be durable, and its store is not to be used any more. */
    record Written(Write write, @Nullable StateStoreException failure) {}

    /** A store and its writer. */
    private static final class Target {
        final BackingStore store;
        final StoreWriter writer;

        /** What was written last: its lane is told when a flush fails. */
        Write last;

        /** Why the store is not to be used any more. */
        @Nullable
        StateStoreException failure;

        boolean isFailureTold;

        Target(Write first, WriteBackSettings settings) {
            store = first.store();
            writer = new StoreWriter(store, settings);
            last = first;
        }
    }

    private final String name;
    private final Clock clock;
    private final WriteBackSettings settings;
    private final SyncedCommits commits;
    private final AtomicLong abandonedAttempt;
    private final EpochHook hook;
    private final Pipeline<Order> ring;
    private final Agent stage;
    private final Map<Integer, Target> targets = new TreeMap<>();
    private List<Pipeline<Written>> confirmations = List.of();

    /** @param abandonedAttempt attempts up to this one are over: what the log has not synced by then is not written */
    StoreAgent(
            String name,
            Clock clock,
            WriteBackSettings settings,
            SyncedCommits commits,
            AtomicLong abandonedAttempt,
            Signal signal,
            EpochHook hook) {
        this.commits = commits;
        this.abandonedAttempt = abandonedAttempt;
        this.name = name;
        this.clock = clock;
        this.settings = settings;
        this.hook = hook;
        Stage<Order> take = this::take;
        ring = Pipeline.<Order>withCapacity(RING_WRITES, Pipeline.Producers.MANY)
                .stage(name, signal, take)
                .build();
        stage = ring.stages().get(0);
    }

    /** Where lanes put slices. What was put in has been done once it is empty. */
    Pipeline<Order> ring() {
        return ring;
    }

    /** The rings back to the lanes, by lane. */
    void confirmTo(List<Pipeline<Written>> lanes) {
        confirmations = List.copyOf(lanes);
    }

    private boolean take(Order order) {
        if (order instanceof Write write) {
            return write(write);
        }
        // The stores flush when they are closed; until they are written to again, none of them is touched from here.
        targets.clear();
        return true;
    }

    private boolean write(Write write) {
        Pipeline<Written> back = confirmations.get(write.lane());
        if (back.size() == back.capacity()) {
            return false;
        }
        if (!commits.isSynced(write.commit())) {
            if (write.attempt() > abandonedAttempt.getAcquire()) {
                return false;
            }
            // Nothing is synced for an attempt once it is abandoned. What was synced before that is seen here and
            // written, so that what is left out is the end of the attempt, as in a crash.
            if (!commits.isSynced(write.commit())) {
                return true;
            }
        }
        Target target = target(write);
        if (target.failure == null) {
            try {
                target.writer.write(write.slice(), clock.wallMs());
            } catch (StateStoreException e) {
                target.failure = e;
            }
        }
        target.isFailureTold = target.failure != null;
        hook.reached(EpochPoint.SLICE_WRITTEN, 0);
        return back.offer(new Written(write, target.failure));
    }

    private Target target(Write write) {
        Target target = targets.get(write.shard());
        if (target == null || target.store != write.store()) {
            target = new Target(write, settings);
            targets.put(write.shard(), target);
        }
        target.last = write;
        return target;
    }

    /** Returns whether it did anything. */
    private boolean flushIfDue(Target target) {
        if (target.failure == null) {
            try {
                return target.writer.flushIfDue(clock.wallMs());
            } catch (StateStoreException e) {
                target.failure = e;
            }
        }
        if (target.isFailureTold) {
            return false;
        }
        // Nobody waits for a flush, so the lane hears of it as if its last slice had failed.
        target.isFailureTold = confirmations.get(target.last.lane()).offer(new Written(target.last, target.failure));
        return target.isFailureTold;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int step() throws Exception {
        long wanted = commits.wanted();
        int work = stage.step();
        if (commits.wanted() > wanted) {
            work++; // nothing was written, but the I/O agent has something to do now
        }
        if (work == 0) {
            for (Target target : targets.values()) {
                if (flushIfDue(target)) {
                    return 1;
                }
            }
        }
        return work;
    }

    @Override
    public long nextDeadlineNs() {
        return targets.isEmpty() ? Long.MAX_VALUE : clock.nanoTime() + FLUSH_LOOK_NS;
    }
}
