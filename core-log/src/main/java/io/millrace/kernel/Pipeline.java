package io.millrace.kernel;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded Disruptor ring and ordered stages through which every item passes in the order of its arrival.
 *
 * <p>Stages are pulled with {@code EventPoller}: each is an {@link Agent}, to be stepped by one thread, which may be the same
 * for all of them or not. An item leaves a stage only when the stage succeeded. That needs more than the poller's own
 * sequence, which moves past an item as soon as its handler returns or its batch ends; so the poller only finds out what is
 * there, and a sequence of the stage's own says what has left it. The next stage, and for the last one the producers, look at
 * that second sequence only. A stage that says "not now", or throws and is stepped again, gets the same item again.
 *
 * <p>A full ring refuses ({@link #offer}): nobody blocks.
 *
 * @param <T> what the slots carry: a frame, never a single record
 */
public final class Pipeline<T> {

    /** Items that a stage takes in at most before it finishes them. */
    static final int BATCH_ITEMS_MAX = 256;

    /** How many threads offer. */
    public enum Producers {
        ONE,
        MANY
    }

    /** Holds an item on its way. */
    static final class Slot<T> {
        @Nullable
        T item;
    }

    private final RingBuffer<Slot<T>> ring;
    private final Signal first;
    private final List<PipelineStage<T>> stages;
    private final ConcurrentLinkedQueue<Signal> waitingForSpace;

    private Pipeline(
            RingBuffer<Slot<T>> ring,
            Signal first,
            List<PipelineStage<T>> stages,
            ConcurrentLinkedQueue<Signal> waitingForSpace) {
        this.ring = ring;
        this.first = first;
        this.stages = stages;
        this.waitingForSpace = waitingForSpace;
    }

    /**
     * Begins a pipeline.
     *
     * @param capacity items in the ring, a power of two
     */
    public static <T> Builder<T> withCapacity(int capacity, Producers producers) {
        return new Builder<>(capacity, producers);
    }

    /** Puts an item in, or refuses because the ring is full. From the producer's thread, from any thread with {@link Producers#MANY}. */
    public boolean offer(T item) {
        if (!ring.tryPublishEvent((slot, sequence, what) -> slot.item = what, item)) {
            return false;
        }
        first.raise();
        return true;
    }

    /** As {@link #offer(Object)}; when it refuses, the signal will be raised once when there is space again. */
    public boolean offer(T item, Signal onSpace) {
        if (offer(item)) {
            return true;
        }
        waitingForSpace.add(onSpace);
        return offer(item);
    }

    /** One agent per stage, in order. */
    public List<Agent> stages() {
        return List.copyOf(stages);
    }

    /** Items somewhere between the first and the last stage at the moment. */
    public int size() {
        return (int) (ring.getBufferSize() - ring.remainingCapacity());
    }

    public int capacity() {
        return ring.getBufferSize();
    }

    /**
     * Takes everything out past its stages, oldest first. Only for the end: when no stage is stepped any more, on the thread
     * that stepped them.
     */
    public void drain(Consumer<T> leftOver) {
        stages.get(stages.size() - 1).drain(leftOver);
    }

    /** The stages of a pipeline, from first to last. Every stage names the signal of the agent that steps it. */
    public static final class Builder<T> {
        private final RingBuffer<Slot<T>> ring;
        private final ConcurrentLinkedQueue<Signal> waitingForSpace = new ConcurrentLinkedQueue<>();
        private final List<String> names = new ArrayList<>();
        private final List<Signal> signals = new ArrayList<>();
        private final List<Stage<T>> stages = new ArrayList<>();

        private Builder(int capacity, Producers producers) {
            ProducerType type = producers == Producers.ONE ? ProducerType.SINGLE : ProducerType.MULTI;
            // Nobody ever waits on the ring itself; this strategy is the one whose publication takes no lock.
            this.ring = RingBuffer.create(type, Slot::new, capacity, new YieldingWaitStrategy());
        }

        /** @param signal raised when there is something for this stage */
        public Builder<T> stage(String name, Signal signal, Stage<T> stage) {
            names.add(name);
            signals.add(signal);
            stages.add(stage);
            return this;
        }

        public Pipeline<T> build() {
            if (stages.isEmpty()) {
                throw new IllegalStateException("a pipeline needs at least one stage");
            }
            List<PipelineStage<T>> built = new ArrayList<>();
            Sequence upstream = null;
            for (int i = 0; i < stages.size(); i++) {
                boolean last = i == stages.size() - 1;
                Signal next = last ? Signal.NONE : signals.get(i + 1);
                PipelineStage<T> stage = new PipelineStage<>(
                        names.get(i), ring, upstream, stages.get(i), next, last ? waitingForSpace : null);
                built.add(stage);
                upstream = stage.left();
            }
            ring.addGatingSequences(upstream);
            return new Pipeline<>(ring, signals.get(0), built, waitingForSpace);
        }
    }
}
