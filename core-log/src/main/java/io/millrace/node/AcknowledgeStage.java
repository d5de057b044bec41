package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.kernel.Stage;
import java.util.Optional;

/** The last stage: everything touched is durable, so answer. */
final class AcknowledgeStage implements Stage<Work> {

    private final LogOwner log;

    AcknowledgeStage(LogOwner log) {
        this.log = log;
    }

    @Override
    public boolean take(Work work) {
        Optional<String> failure = log.failure();
        if (failure.isPresent() && !work.touched().isEmpty()) {
            work.fail(ErrorCode.KAFKA_STORAGE_ERROR, "the data directory has failed: " + failure.get());
        } else {
            work.acknowledge(log);
        }
        return true;
    }
}
