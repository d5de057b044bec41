package io.millrace.streams;

import io.millrace.record.Header;
import io.millrace.store.KeyValueStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Processor} sees of its surroundings. Valid during a call only. */
public interface ProcessorContext<KO, VO> {

    /** Hands a record on with the timestamp and the headers of the one being processed. */
    void forward(KO key, VO value) throws Exception;

    void forward(KO key, VO value, long timestampMs) throws Exception;

    /** Event time (ms) of the record being processed, or of the timer. */
    long timestampMs();

    /** Stream time (ms) of this operator; {@link Long#MIN_VALUE} before the first record. */
    long streamTimeMs();

    /** Wall-clock time in ms; the same for all records of a frame. */
    long wallClockMs();

    List<Header> headers();

    /** Source topic of the record being processed, null in a timer or where there is none. */
    @Nullable
    String topic();

    /** Source partition, -1 where there is none. */
    int partition();

    /** Source offset, -1 where there is none. */
    long offset();

    /** A store of this processor. Values it hands out follow the rules of {@link KeyValueStore}. */
    <SK, SV> KeyValueStore<SK, SV> store(String name);

    /** Sets a timer of event time for this key. */
    void setTimer(Object key, long timeMs);

    void cancelTimer(Object key, long timeMs);

    /** Sets a timer of wall-clock time for this key; it fires at a frame boundary. */
    void setWallClockTimer(Object key, long timeMs);

    void cancelWallClockTimer(Object key, long timeMs);
}
