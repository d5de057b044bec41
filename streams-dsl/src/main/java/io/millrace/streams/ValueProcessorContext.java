package io.millrace.streams;

/** What a {@link ValueProcessor} sees of its surroundings, with the way on. Everything is for the key at hand. */
public interface ValueProcessorContext<VO> extends ProcessingContext {

    /**
     * Hands a value on with the key, the timestamp and the headers of the record being processed.
     *
     * @throws IllegalStateException in {@link ValueProcessor#init}, as there is no key
     */
    void forward(VO value) throws Exception;

    /** As {@link #forward(Object)}, with an event time (ms) of its own. */
    void forward(VO value, long timestampMs) throws Exception;

    /**
     * Sets a timer of event time for the key at hand.
     *
     * @throws IllegalStateException if there is no key: in {@link ValueProcessor#init}, or of a record without one
     */
    void setTimer(long timeMs);

    void cancelTimer(long timeMs);

    /** Sets a timer of wall-clock time for the key at hand; it fires at a frame boundary. */
    void setWallClockTimer(long timeMs);

    void cancelWallClockTimer(long timeMs);
}
