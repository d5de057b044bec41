package io.millrace.kernel;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One stage of a {@link Pipeline} as an agent. Owned by the thread that steps it; {@code left} is read by its neighbours. */
final class PipelineStage<T> implements Agent {

    private final String name;
    private final RingBuffer<Pipeline.Slot<T>> ring;
    private final EventPoller<Pipeline.Slot<T>> poller;
    private final EventPoller.Handler<Pipeline.Slot<T>> discovery = (slot, sequence, endOfBatch) -> discover(sequence);
    private final Stage<T> stage;
    private final Signal next;
    private final @Nullable Queue<Signal> waitingForSpace;

    /** Everything up to it has left this stage. */
    private final Sequence left = new Sequence();

    /** left ≤ taken ≤ discovered. */
    private long taken = left.get();

    private long discovered = taken;

    /** What was taken must be finished before more is taken. */
    private boolean finishing;

    /**
     * @param upstream what has left the stage before; null for the first
     * @param waitingForSpace raised when slots become free; only for the last stage
     */
    PipelineStage(
            String name,
            RingBuffer<Pipeline.Slot<T>> ring,
            @Nullable Sequence upstream,
            Stage<T> stage,
            Signal next,
            @Nullable Queue<Signal> waitingForSpace) {
        this.name = name;
        this.ring = ring;
        this.poller = upstream == null ? ring.newPoller() : ring.newPoller(upstream);
        this.stage = stage;
        this.next = next;
        this.waitingForSpace = waitingForSpace;
    }

    Sequence left() {
        return left;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int step() throws Exception {
        if (finishing) {
            return finish();
        }
        if (discovered - taken < Pipeline.BATCH_ITEMS_MAX) {
            poller.poll(discovery);
        }
        int count = 0;
        while (taken < discovered && count < Pipeline.BATCH_ITEMS_MAX) {
            if (!stage.take(Objects.requireNonNull(ring.get(taken + 1).item))) {
                break;
            }
            taken++;
            count++;
        }
        if (taken == left.get()) {
            return 0;
        }
        finishing = true;
        return count + finish();
    }

    private boolean discover(long sequence) {
        discovered = sequence;
        return discovered - taken < Pipeline.BATCH_ITEMS_MAX;
    }

    private int finish() throws Exception {
        if (!stage.finish()) {
            return 0;
        }
        finishing = false;
        long before = left.get();
        if (waitingForSpace == null) {
            left.set(taken);
            next.raise();
        } else {
            for (long sequence = before + 1; sequence <= taken; sequence++) {
                ring.get(sequence).item = null;
            }
            // A full fence: whoever registers after this look finds the slots free when it tries again.
            left.setVolatile(taken);
            for (Signal waiting = waitingForSpace.poll(); waiting != null; waiting = waitingForSpace.poll()) {
                waiting.raise();
            }
        }
        return 1;
    }

    /** Of the last stage only: everything that has not left it leaves now. */
    void drain(Consumer<T> leftOver) {
        long sequence = left.get() + 1;
        for (; ring.isAvailable(sequence); sequence++) {
            Pipeline.Slot<T> slot = ring.get(sequence);
            leftOver.accept(Objects.requireNonNull(slot.item));
            slot.item = null;
        }
        left.setVolatile(sequence - 1);
    }
}
