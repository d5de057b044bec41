package io.millrace.streams;

/**
 * What happens to a record on which decoding, a user's function or encoding failed.
 *
 * <p>Two functions are about more than the record at hand, and only what they were to make is left out or set aside:
 * <ul>
 *   <li>a joiner of two streams: the pair. Both records stay, meet others, and count as matched, so that a left or outer join
 *       does not hand them on alone;
 *   <li>the result of an aggregate ({@link Aggregate#result}): the update. The record stays in the accumulator, and the next
 *       update of the row shows it.
 * </ul>
 */
public sealed interface ErrorPolicy {

    /** Fails the epoch: nothing of it becomes visible, the job restarts from the last commit. The default. */
    record Fail() implements ErrorPolicy {}

    /** Leaves the record out as if it had never come to the operator, or the pair or update alone, and counts it by reason. */
    record Drop() implements ErrorPolicy {}

    /**
     * Writes the record to a topic in the same epoch: the bytes of its key and value as they stand on the topic the job read it
     * from, its headers, and more headers that say what went wrong and where it came from, with the names of Kafka Streams
     * (KIP-1034): {@code __streams.errors.exception}, {@code .message}, {@code .stacktrace}, {@code .topic}, {@code
     * .partition}, {@code .offset}; and {@code millrace.error.operator} and {@code millrace.error.reason}. A record that no
     * single input record caused, such as a result at the end of an epoch or what came from a foreign source, is written as text.
     *
     * <p>What its topic does not take whole is cut: the stack trace first, then the value, then all but the headers that say
     * what went wrong; {@code millrace.error.left.out} names what is missing. So a job does not fail on a record that is too
     * large for any topic.
     *
     * <p>If the job creates the topic, it keeps its records for ever ({@code retention.ms=-1}).
     */
    record DeadLetter(String topic) implements ErrorPolicy {}

    static ErrorPolicy fail() {
        return new Fail();
    }

    static ErrorPolicy drop() {
        return new Drop();
    }

    static ErrorPolicy deadLetter(String topic) {
        return new DeadLetter(topic);
    }
}
