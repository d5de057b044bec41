package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.log.StorageException;
import org.jspecify.annotations.Nullable;

/**
 * Work that the log agent does in one go and answers when all that it touched is durable.
 *
 * @param <T> the answer
 */
final class Request<T> extends Work {

    /** What is to be done, on the log agent. */
    @FunctionalInterface
    interface Body<T> {
        /**
         * @param request to {@link Work#touch} what the answer depends on
         * @throws LogException to refuse; then nothing must have changed
         */
        @Nullable
        T run(LogOwner log, Work request);
    }

    private final Body<T> body;
    private final Pending<T> pending;
    private @Nullable T answer;
    private boolean answered;

    Request(Pending<T> pending, Body<T> body) {
        this.pending = pending;
        this.body = body;
    }

    @Override
    void append(LogOwner log) {
        try {
            answer = body.run(log, this);
        } catch (LogException refused) {
            fail(refused.error(), refused.reason());
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.NO_SPACE) {
                log.disk().isFull(log, String.valueOf(e.getMessage()));
            }
            fail(e.error(), String.valueOf(e.getMessage()));
        }
    }

    @Override
    void acknowledge(LogOwner log) {
        if (!answered) {
            answered = true;
            pending.succeed(answer);
        }
    }

    @Override
    void fail(ErrorCode error, String message) {
        if (!answered) {
            answered = true;
            touchNothing();
            pending.fail(error, message);
        }
    }
}
