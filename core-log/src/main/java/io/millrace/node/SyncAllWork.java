package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;

/** A client wants everything durable; {@link BackgroundSyncs} answers. */
final class SyncAllWork extends Work {

    private final Pending<Void> answer;
    private boolean handedOver;

    SyncAllWork(Pending<Void> answer) {
        this.answer = answer;
    }

    @Override
    void append(LogOwner log) {
        handedOver = true;
        log.backgroundSyncs().ask(answer);
    }

    @Override
    void acknowledge(LogOwner log) {
        // the background syncs answer
    }

    @Override
    void fail(ErrorCode error, String message) {
        if (!handedOver) {
            handedOver = true;
            answer.fail(error, message);
        }
    }
}
