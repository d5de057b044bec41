package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import org.jspecify.annotations.Nullable;

/** Why an attempt ended, and whether another one may help. */
public final class JobFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean isFinal;

    JobFault(boolean isFinal, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.isFinal = isFinal;
    }

    /** The job stops: what is wrong does not go away by itself. */
    static JobFault finalOne(String message) {
        return new JobFault(true, message, null);
    }

    /** Puts any surprise into one of the two classes. */
    static JobFault of(Throwable cause) {
        if (cause instanceof JobFault fault) {
            return fault;
        }
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new JobFault(isFinal(cause), message, cause);
    }

    private static boolean isFinal(Throwable cause) {
        for (Throwable inner = cause.getCause(); inner != null; inner = inner.getCause()) {
            if (inner instanceof io.millrace.store.StateStoreException) {
                return true;
            }
        }
        if (cause instanceof LogException refused) {
            return isFenced(refused.error()) || refused.error() == ErrorCode.KAFKA_STORAGE_ERROR;
        }
        return cause instanceof PositionLostException
                || cause instanceof io.millrace.streams.plan.PlanningException
                || cause instanceof io.millrace.store.StateStoreException;
    }

    static boolean isFenced(ErrorCode error) {
        return error == ErrorCode.PRODUCER_FENCED || error == ErrorCode.INVALID_PRODUCER_EPOCH;
    }

    /** Whether the job must not be started again without a change. */
    public boolean isFinal() {
        return isFinal;
    }
}
