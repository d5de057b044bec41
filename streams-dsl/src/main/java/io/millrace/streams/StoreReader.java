package io.millrace.streams;

import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Waiter;
import io.millrace.streams.runtime.JobRuntime;
import io.millrace.streams.runtime.JobView;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads the committed state of one store of a running job, from any thread but the job's own. What it shows has been
 * committed: no crash takes it back. Values must not be changed.
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

    StoreReader(JobRuntime runtime, String store, Clock clock) {
        this.runtime = runtime;
        this.store = store;
        this.clock = clock;
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
        return (Optional<V>) Optional.ofNullable(await(runtime.query(waiter, store, key, windowStartMs), waiter));
    }

    /** All entries of all shards, as one and the same commit left them. */
    @SuppressWarnings("unchecked") // as above
    public void forEach(Visitor<? super K, ? super V> visitor) throws InterruptedException {
        Waiter waiter = new Waiter();
        try (JobView view = await(runtime.view(waiter), waiter)) {
            view.forEach(store, (key, start, value) -> visitor.visit((K) key, start, (V) value));
        } catch (IllegalArgumentException e) {
            throw new MillraceException(String.valueOf(e.getMessage()), e);
        }
    }

    private <T> T await(Pending<T> answer, Waiter waiter) throws InterruptedException {
        if (!waiter.await(() -> answer.isDone() || runtime.state().isFinal(), ANSWER_MAX, clock) || !answer.isDone()) {
            throw new MillraceException(
                    "job " + runtime.job() + " is " + runtime.state() + " and did not answer within " + ANSWER_MAX);
        }
        try {
            return answer.value();
        } catch (LogException e) {
            throw new MillraceException(answer.message(), e);
        }
    }
}
