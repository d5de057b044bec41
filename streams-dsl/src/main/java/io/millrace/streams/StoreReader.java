package io.millrace.streams;

import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Waiter;
import io.millrace.store.StateStoreException;
import io.millrace.streams.runtime.JobRuntime;
import io.millrace.streams.runtime.JobView;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed state of one store of a running job, from any thread but the job's own. What it shows has been
 * committed: no crash takes it back. Values must not be changed.
 *
 * <p>What Kafka Streams calls {@code get}, {@code all}, {@code range} and {@code fetch(key, from, to)} is {@link #value(Object)},
 * {@link #forEach}, {@link #range} and {@link #windows} here. The last three show one and the same epoch of all shards; they
 * hold back the clean-up of the state, and a rebuild of it, until they return.
 *
 * @param <K> key of the store, without any window
 * @param <V> value as the operator emits it, or as the processor put it
 */
public final class StoreReader<K, V> {

    /** How long an answer may take. */
    public static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private final JobRuntime runtime;
    private final String store;
    private final Clock clock;
    private final Map<TopicPartition, Long> seeing;

    StoreReader(JobRuntime runtime, String store, Clock clock) {
        this(runtime, store, clock, Map.of());
    }

    private StoreReader(JobRuntime runtime, String store, Clock clock, Map<TopicPartition, Long> seeing) {
        this.runtime = runtime;
        this.store = store;
        this.clock = clock;
        this.seeing = seeing;
    }

    /**
     * The same store, for somebody who has produced a record and wants to see what became of it: answers wait until the job
     * has read and committed this record of one of its input topics, and show its effects and those of all records before it
     * in the partition. May be called several times, for records in several partitions.
     *
     * @param offset of the record, as the log acknowledged it, 0 or more
     * @return a reader that refuses to answer if the job does not read the partition, and gives up after {@link #ANSWER_MAX}
     */
    public StoreReader<K, V> seeing(TopicPartition partition, long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("a record's offset is 0 or more, was " + offset);
        }
        Map<TopicPartition, Long> more = new HashMap<>(seeing);
        more.merge(partition, offset, Math::max);
        return new StoreReader<>(runtime, store, clock, Map.copyOf(more));
    }

    /** Sees entries one by one. */
    @FunctionalInterface
    public interface Visitor<K, V> {

        /**
         * @param windowStartMs {@link Long#MIN_VALUE} where the store has no windows
         * @return whether to go on
         */
        boolean visit(K key, long windowStartMs, V value);
    }

    /**
     * The value of a key in a store without windows.
     *
     * @throws MillraceException if there is no such store, or no answer within {@link #ANSWER_MAX}
     */
    public Optional<V> value(K key) throws InterruptedException {
        return value(key, Long.MIN_VALUE);
    }

    /** The value of a key in the window that starts at this time. */
    @SuppressWarnings("unchecked") // the caller says what the store holds
    public Optional<V> value(K key, long windowStartMs) throws InterruptedException {
        Waiter waiter = new Waiter();
        return (Optional<V>)
                Optional.ofNullable(await(runtime.query(waiter, store, key, windowStartMs, seeing), waiter));
    }

    /** All entries of all shards, as one and the same commit left them: shard by shard, in each by window start and key. */
    public void forEach(Visitor<? super K, ? super V> visitor) throws InterruptedException {
        look(view -> view.forEach(store, typed(visitor)));
    }

    /**
     * The entries of a store without windows from a key to a key, as one and the same commit left them: shard by shard, in each in
     * the unsigned byte order of the keys in state, which is that of numbers by value and of text by its UTF-8.
     *
     * @param from inclusive, null for the first
     * @param to inclusive, null for the last
     * @throws MillraceException as {@link #value(Object)}, and if the store has windows or keys of another class
     */
    public void range(@Nullable K from, @Nullable K to, Visitor<? super K, ? super V> visitor)
            throws InterruptedException {
        look(view -> view.range(store, from, to, typed(visitor)));
    }

    /**
     * The windows of one key, as one commit left them, by ascending start.
     *
     * @param fromMs earliest start of a window, inclusive; event time
     * @param toMs latest start, inclusive
     * @throws MillraceException as {@link #value(Object)}, and if the store has no windows or keys of another class
     */
    public void windows(K key, long fromMs, long toMs, Visitor<? super K, ? super V> visitor)
            throws InterruptedException {
        look(view -> view.windows(store, key, fromMs, toMs, typed(visitor)));
    }

    @SuppressWarnings("unchecked") // as above
    private static <K, V> JobView.Visitor typed(Visitor<? super K, ? super V> visitor) {
        return (key, start, value) -> visitor.visit((K) key, start, (V) value);
    }

    private void look(Consumer<JobView> reading) throws InterruptedException {
        Waiter waiter = new Waiter();
        try (JobView view = await(runtime.view(waiter, seeing), waiter)) {
            reading.accept(view);
        } catch (IllegalArgumentException | StateStoreException e) {
            throw new MillraceException(String.valueOf(e.getMessage()), e);
        }
    }

    private <T> T await(Pending<T> answer, Waiter waiter) throws InterruptedException {
        if (runtime.state().isFinal()) {
            throw new MillraceException(
                    "job " + runtime.job() + " is " + runtime.state() + "; its stores can be read while it runs");
        }
        if (!waiter.await(() -> answer.isDone() || runtime.state().isFinal(), ANSWER_MAX, clock) || !answer.isDone()) {
            throw new MillraceException(
                    "job " + runtime.job() + " is " + runtime.state() + " and did not answer within " + ANSWER_MAX
                            + (seeing.isEmpty() ? "" : "; it was to show the records " + seeing));
        }
        try {
            return answer.value();
        } catch (LogException e) {
            throw new MillraceException(answer.message(), e);
        }
    }
}
