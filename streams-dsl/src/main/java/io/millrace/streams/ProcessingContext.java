package io.millrace.streams;

import io.millrace.record.Header;
import io.millrace.store.KeyValueStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user's own operator sees of its surroundings, whatever it may hand on. The same object as long as the operator lives,
 * so it may be kept, but it may be used only while the operator is being called.
 */
public interface ProcessingContext {

    /** Event time (ms) of the record being processed, or of the timer; {@link Long#MIN_VALUE} in {@code init}. */
    long timestampMs();

    /** Stream time (ms) of this operator; {@link Long#MIN_VALUE} before the first record. */
    long streamTimeMs();

    /** Wall-clock time in ms; the same for all records of a frame. */
    long wallClockMs();

    /** Of the record being processed; they travel to what is handed on. */
    List<Header> headers();

    /** Source topic of the record being processed, null in a timer or where there is none. */
    @Nullable
    String topic();

    /** Source partition, -1 where there is none. */
    int partition();

    /** Source offset, -1 where there is none. */
    long offset();

    /**
     * A store of this operator. Values it hands out follow the rules of {@link KeyValueStore}.
     *
     * @throws IllegalArgumentException if the operator was made without a store of this name
     */
    <SK, SV> KeyValueStore<SK, SV> store(String name);
}
