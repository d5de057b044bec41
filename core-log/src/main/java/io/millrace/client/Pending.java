package io.millrace.client;

import io.millrace.kernel.Signal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request: written once by the thread that owns what was asked for, looked at by the thread that asked.
 *
 * <p>There is no way to wait on it: the asker's agent looks again in its next step, to which the {@link Signal} given at
 * creation wakes it.
 *
 * @param <T> the answer; {@link Void} for a request that only succeeds or fails
 */
public final class Pending<T> {

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Pending.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int WAITING = 0;
    private static final int SUCCEEDED = 1;
    private static final int FAILED = 2;

    private final Signal asker;

    @SuppressWarnings("UnusedVariable") // through STATE, whose release publishes value, error and message
    private int state;

    private @Nullable T value;
    private ErrorCode error = ErrorCode.NONE;
    private String message = "";

    public Pending(Signal asker) {
        this.asker = asker;
    }

    /** An answer that is already there. */
    public static <T> Pending<T> succeeded(@Nullable T value) {
        Pending<T> pending = new Pending<>(Signal.NONE);
        pending.succeed(value);
        return pending;
    }

    /** A refusal that is already there. */
    public static <T> Pending<T> failed(ErrorCode error, String message) {
        Pending<T> pending = new Pending<>(Signal.NONE);
        pending.fail(error, message);
        return pending;
    }

    public boolean isDone() {
        return (int) STATE.getAcquire(this) != WAITING;
    }

    /** Whether it is done and was refused. */
    public boolean isFailed() {
        return (int) STATE.getAcquire(this) == FAILED;
    }

    /** {@link ErrorCode#NONE} if it succeeded. Only once {@link #isDone}. */
    public ErrorCode error() {
        requireDone();
        return error;
    }

    /** What went wrong and what to do about it; empty if it succeeded. Only once {@link #isDone}. */
    public String message() {
        requireDone();
        return message;
    }

    /**
     * The answer. Only once {@link #isDone}.
     *
     * @throws LogException if the request was refused
     */
    @SuppressWarnings("NullAway") // a Void answer is null by definition
    public T value() {
        requireDone();
        if (error != ErrorCode.NONE) {
            throw new LogException(error, message);
        }
        return value;
    }

    /** Called once, by the owner of what was asked for. */
    public void succeed(@Nullable T answer) {
        requireWaiting();
        this.value = answer;
        STATE.setRelease(this, SUCCEEDED);
        asker.raise();
    }

    /** Called once, by the owner of what was asked for. */
    public void fail(ErrorCode code, String why) {
        requireWaiting();
        this.error = code;
        this.message = why;
        STATE.setRelease(this, FAILED);
        asker.raise();
    }

    private void requireDone() {
        if (!isDone()) {
            throw new IllegalStateException("not answered yet: look at isDone() first");
        }
    }

    private void requireWaiting() {
        if ((int) STATE.getAcquire(this) != WAITING) {
            throw new IllegalStateException("answered twice");
        }
    }
}
