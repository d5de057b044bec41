package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * Timers: a key is due at a time, and carries a value. A key can be due at several times.
 *
 * <p>Order is (time, key bytes).
 */
public interface TimerStore<K, V> {

    /** Sets the timer of this key and time; what it carried before is replaced. */
    void set(K key, long timeMs, V value);

    void cancel(K key, long timeMs);

    /** What the timer carries, null if it is not set. */
    @Nullable
    V get(K key, long timeMs);

    /** Time of the first timer, {@link Long#MAX_VALUE} if there is none. */
    long firstMs();

    /** Takes the first timer that is due at or before {@code untilMs} and hands it over; false if none is. */
    boolean fireFirst(long untilMs, Handler<? super K, ? super V> handler) throws Exception;

    /** Takes a timer that fired. It is already gone; its deletion commits with the handler's effects. */
    @FunctionalInterface
    interface Handler<K, V> {
        void fire(K key, long timeMs, V value) throws Exception;
    }
}
