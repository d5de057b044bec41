package io.millrace.streams;

/** What happens to a record on which decoding, a user's function or encoding failed. */
public sealed interface ErrorPolicy {

    /** Fails the epoch: nothing of it becomes visible, the job restarts from the last commit. The default. */
    record Fail() implements ErrorPolicy {}

    /** Leaves the record out as if it had never come to the operator, and counts it by reason. */
    record Drop() implements ErrorPolicy {}

    /** Writes the record to a topic in the same epoch, with headers that say what went wrong and where it came from. */
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
