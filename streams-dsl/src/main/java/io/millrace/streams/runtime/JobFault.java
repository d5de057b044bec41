package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.store.DamagedStoreException;
import io.millrace.store.StateStoreException;
import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Why an attempt ended, and whether another one may help. */
public final class JobFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean isFinal;
    private final boolean isForWantOfRoom;

    JobFault(boolean isFinal, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.isFinal = isFinal;
        this.isForWantOfRoom =
                cause instanceof LogException refused && refused.error() == ErrorCode.THROTTLING_QUOTA_EXCEEDED;
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
        String message = cause.getMessage() == null
                ? cause.toString()
                : cause instanceof NoSuchFileException ? "there is no file " + cause.getMessage() : cause.getMessage();
        return new JobFault(isFinal(cause), message, cause);
    }

    private static boolean isFinal(Throwable cause) {
        if (cause instanceof FileNotFoundException || cause instanceof NoSuchFileException) {
            return true;
        }
        if (comesFrom(DamagedStoreException.class, cause)) {
            return false; // the next attempt begins with another store
        }
        if (comesFrom(StateStoreException.class, cause) || comesFrom(KeyClasses.OtherClassException.class, cause)) {
            return true;
        }
        if (cause instanceof LogException refused) {
            return isFenced(refused.error()) || refused.error() == ErrorCode.KAFKA_STORAGE_ERROR;
        }
        return cause instanceof PositionLostException || cause instanceof io.millrace.streams.plan.PlanningException;
    }

    /** Whether it is one of these, or one of these led to it. */
    static boolean comesFrom(Class<? extends Throwable> kind, Throwable cause) {
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (kind.isInstance(inner)) {
                return true;
            }
        }
        return false;
    }

    static boolean isFenced(ErrorCode error) {
        return error == ErrorCode.PRODUCER_FENCED || error == ErrorCode.INVALID_PRODUCER_EPOCH;
    }

    /** Where it began: what user code, or a disk, has thrown. */
    Throwable origin() {
        Throwable origin = this;
        while (origin.getCause() != null) {
            origin = origin.getCause();
        }
        return origin;
    }

    boolean isSameAs(JobFault other) {
        return origin().getClass() == other.origin().getClass()
                && String.valueOf(getMessage()).equals(other.getMessage());
    }

    /** Whether user code has thrown what no waiting mends; an IllegalStateException, say, may be a service that is down. */
    boolean isProgrammingError() {
        Throwable origin = origin();
        return getCause() instanceof RecordFailure
                && (origin instanceof NullPointerException
                        || origin instanceof ClassCastException
                        || origin instanceof IndexOutOfBoundsException
                        || origin instanceof ArithmeticException
                        || origin instanceof NumberFormatException
                        || origin instanceof LinkageError);
    }

    /** The same, after which the job stops. */
    JobFault asFinal() {
        return new JobFault(true, getMessage() + " (twice in the same way, so it is not tried again)", getCause());
    }

    /** Whether the job must not be started again without a change. */
    public boolean isFinal() {
        return isFinal;
    }

    /** Whether the disk of the log had too little room: the job waits for it, however long that takes. */
    public boolean isForWantOfRoom() {
        return isForWantOfRoom;
    }
}
