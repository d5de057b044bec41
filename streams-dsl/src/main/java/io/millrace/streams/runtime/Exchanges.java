package io.millrace.streams.runtime;

import io.millrace.kernel.Invariant;
import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.streams.operator.RecordContext;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The ways out of one lane's fragments: a FIFO to its own shards, and a staging list in front of each ring to another lane.
 * Owned by the lane.
 *
 * <p>Nothing here blocks: what does not fit into a ring waits in its staging list, and a fragment takes no more input until
 * the lists of its own exchanges and of those behind it are empty ({@link #isClearFrom}). Exchanges lead to deeper fragments
 * only, so the deepest one never waits for a ring, and two lanes that feed each other cannot stop each other.
 */
final class Exchanges {

    /** Frames of a ring between two lanes. */
    static final int RING_FRAMES = 16;

    private final int lane;
    private final int laneCount;

    /** Index of the fragment that each exchange leaves. */
    private final int[] fromFragment;

    /** By exchange, then target lane; null for this lane itself. */
    private final @Nullable Pipeline<ExchangeFrame>[][] rings;

    /** Of this lane: raised when a ring that was full has room. */
    private final Signal signal;

    /** The frame being filled, by exchange and target lane. */
    private final @Nullable ExchangeFrame[][] filling;

    private final ArrayDeque<ExchangeFrame>[][] staged;
    /** The I/O agent's news that stands behind what is sent from now on. */
    private long version;

    private ExchangeFrame local = new ExchangeFrame();
    private int localHead;

    @SuppressWarnings({"unchecked", "rawtypes"})
    Exchanges(int lane, int laneCount, int[] fromFragment, @Nullable Pipeline<ExchangeFrame>[][] rings, Signal signal) {
        this.lane = lane;
        this.laneCount = laneCount;
        this.fromFragment = fromFragment.clone();
        this.rings = rings;
        this.signal = signal;
        filling = new ExchangeFrame[fromFragment.length][laneCount];
        staged = new ArrayDeque[fromFragment.length][laneCount];
        for (ArrayDeque<ExchangeFrame>[] lists : staged) {
            for (int i = 0; i < laneCount; i++) {
                lists[i] = new ArrayDeque<>();
            }
        }
    }

    /** Says which news of the I/O agent stands behind what is sent from now on. */
    void version(long newest) {
        version = newest;
    }

    /** Puts a record on its way from a task to a shard. */
    void send(
            int exchange,
            int fromShard,
            int shard,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext from) {
        int target = shard % laneCount;
        ExchangeFrame frame = target == lane ? local : filling(exchange, target);
        frame.add(exchange, fromShard, shard, key, value, timestampMs, from);
        if (target != lane && frame.count >= Frame.RECORDS_MAX) {
            stage(exchange, target);
        }
    }

    /**
     * Tells every other lane how far an upstream task has read; behind the records sent so far.
     *
     * @param progressVersion the I/O agent's news that this lane knows of
     */
    void sendProgress(int exchange, int shard, long progressMs, long progressVersion) {
        for (int target = 0; target < laneCount; target++) {
            if (target != lane) {
                ExchangeFrame frame = filling(exchange, target);
                if (frame.progressShard >= 0 && frame.progressShard != shard) {
                    stage(exchange, target);
                    frame = filling(exchange, target);
                }
                frame.progressShard = shard;
                frame.progressMs = progressMs;
                frame.progressVersion = progressVersion;
            }
        }
    }

    /** Ends the epoch on an exchange, towards every other lane. */
    void sendBarrier(int exchange, long epoch) {
        for (int target = 0; target < laneCount; target++) {
            if (target != lane) {
                filling(exchange, target).barrierEpoch = epoch;
                stage(exchange, target);
            }
        }
    }

    private ExchangeFrame filling(int exchange, int target) {
        ExchangeFrame frame = filling[exchange][target];
        if (frame == null) {
            frame = new ExchangeFrame();
            filling[exchange][target] = frame;
        }
        return frame;
    }

    private void stage(int exchange, int target) {
        ExchangeFrame frame = filling[exchange][target];
        if (frame != null && !frame.isBlank()) {
            frame.version = version;
            staged[exchange][target].addLast(frame);
            filling[exchange][target] = null;
        }
    }

    /** Moves what is staged into the rings as far as they have room. Returns how many frames moved. */
    int flush() {
        int moved = 0;
        for (int exchange = 0; exchange < staged.length; exchange++) {
            for (int target = 0; target < laneCount; target++) {
                if (target != lane) {
                    stage(exchange, target);
                    moved += flush(exchange, target);
                }
            }
        }
        return moved;
    }

    private int flush(int exchange, int target) {
        ArrayDeque<ExchangeFrame> waiting = staged[exchange][target];
        Pipeline<ExchangeFrame> ring = rings[exchange][target];
        int moved = 0;
        while (!waiting.isEmpty() && ring != null && ring.offer(waiting.peekFirst(), signal)) {
            waiting.removeFirst();
            moved++;
        }
        return moved;
    }

    /** Whether a fragment may take input: nothing waits for room on its own ways out or on those of deeper fragments. */
    boolean isClearFrom(int fragment) {
        boolean hasWayOut = false;
        for (int exchange = 0; exchange < staged.length; exchange++) {
            if (fromFragment[exchange] >= fragment) {
                hasWayOut = true;
                for (ArrayDeque<ExchangeFrame> waiting : staged[exchange]) {
                    if (!waiting.isEmpty()) {
                        return false;
                    }
                }
            }
        }
        Invariant.check(hasWayOut || deepestCanMove(fragment), "the deepest fragment can always move");
        return true;
    }

    private boolean deepestCanMove(int fragment) {
        for (int from : fromFragment) {
            if (from >= fragment) {
                return false;
            }
        }
        return true;
    }

    // ---- the FIFO to the lane's own shards

    boolean hasLocal() {
        return localHead < local.count;
    }

    ExchangeFrame local() {
        return local;
    }

    /** Index of the next record of the FIFO, which counts as taken. */
    int takeLocal() {
        return localHead++;
    }

    /** Called when the FIFO has run empty. */
    void resetLocal() {
        local.clear();
        localHead = 0;
    }

    /** Estimated bytes of what waits here. */
    long waitingBytes() {
        long records = local.count - (long) localHead;
        for (ArrayDeque<ExchangeFrame>[] lists : staged) {
            for (ArrayDeque<ExchangeFrame> waiting : lists) {
                for (ExchangeFrame frame : waiting) {
                    records += frame.count;
                }
            }
        }
        return records * ExchangeFrame.RECORD_BYTES;
    }
}
