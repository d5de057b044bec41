package io.millrace.broker;

import io.millrace.client.Pending;
import io.millrace.record.wire.Message;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request, on its way. Looked at by the event loop that owns the connection, after each signal and at its
 * deadline; it must not block.
 */
public interface Answer {

    /** Only a signal brings it on. */
    long NO_DEADLINE = Long.MAX_VALUE;

    /**
     * Looks whether the response is there.
     *
     * @param nowMs monotonic time in ms
     * @return null while it is not
     */
    @Nullable
    Outcome poll(long nowMs);

    /** Monotonic time in ms at which {@link #poll} has something to say although nobody signals. */
    default long deadlineMs() {
        return NO_DEADLINE;
    }

    /**
     * Offers what to call, on the event loop, when {@link #poll} has something to say. Asked once, after the first poll that
     * gave nothing.
     *
     * @return whether it will be called; otherwise this is polled after every signal of the node's door
     */
    default boolean wakes(Runnable wake) {
        return false;
    }

    /** The connection is gone: lets go of what it holds. */
    default void cancel() {}

    /** What becomes of a request. */
    sealed interface Outcome {}

    /** A response is sent. */
    record Response(Message message) implements Outcome {}

    /** Nothing is sent, as for {@code acks=0}. */
    record Silence() implements Outcome {}

    /** The connection is closed, so that the client looks for its mistake or for another node. */
    record Hangup(String why) implements Outcome {}

    static Answer of(Message response) {
        Outcome outcome = new Response(response);
        return nowMs -> outcome;
    }

    static Answer hangup(String why) {
        Outcome outcome = new Hangup(why);
        return nowMs -> outcome;
    }

    /** The response is made, on the event loop, when the node has answered, be it with a refusal. */
    static <T> Answer when(Pending<T> pending, Function<Pending<T>, Message> response) {
        return whenAll(List.of(pending), () -> response.apply(pending));
    }

    /** The response is made, on the event loop, when the node has given each of these answers, be it with refusals. */
    static Answer whenAll(Collection<? extends Pending<?>> pending, Supplier<Message> response) {
        return nowMs -> pending.stream().allMatch(Pending::isDone) ? new Response(response.get()) : null;
    }
}
