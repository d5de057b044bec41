package io.millrace.streams.plan;

/** A topology that cannot run on the topics there are. The message says what to change. */
public final class PlanningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PlanningException(String message) {
        super(message);
    }
}
