package io.millrace.streams;

/** What a {@link Processor} sees of its surroundings, with the way on. */
public interface ProcessorContext<KO, VO> extends ProcessingContext {

    /**
     * Hands a record on with the timestamp and the headers of the one being processed.
     *
     * @throws IllegalStateException in {@link Processor#init}
     */
    void forward(KO key, VO value) throws Exception;

    /** As {@link #forward(Object, Object)}, with an event time (ms) of its own. */
    void forward(KO key, VO value, long timestampMs) throws Exception;

    /** Sets a timer of event time for this key. */
    void setTimer(Object key, long timeMs);

    void cancelTimer(Object key, long timeMs);

    /** Sets a timer of wall-clock time for this key; it fires at a frame boundary. */
    void setWallClockTimer(Object key, long timeMs);

    void cancelWallClockTimer(Object key, long timeMs);
}
