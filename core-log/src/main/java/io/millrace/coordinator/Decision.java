package io.millrace.coordinator;

import java.util.List;

/**
 * What a coordinator decided about a request. Nothing has changed yet: the driver appends the records, replays them, and
 * acts on the reply when they are as durable as the request asks.
 *
 * @param records to append to the coordinator's partition, in order; may be empty
 * @param reply what is true once they are there
 * @param <R> the coordinator's kind of record
 * @param <A> the kind of reply
 */
public record Decision<R, A>(List<R> records, A reply) {

    public Decision {
        records = List.copyOf(records);
    }

    static <R, A> Decision<R, A> of(R record, A reply) {
        return new Decision<>(List.of(record), reply);
    }

    static <R, A> Decision<R, A> nothing(A reply) {
        return new Decision<>(List.of(), reply);
    }
}
