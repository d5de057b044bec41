package io.millrace.server.node;

import io.millrace.node.LogNode;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether a node lives and whether it can serve. Any thread. */
final class NodeHealth {

    private final LogNode log;
    private final Supplier<@Nullable Throwable> fault;

    NodeHealth(LogNode log, Supplier<@Nullable Throwable> fault) {
        this.log = log;
        this.fault = fault;
    }

    /** Why the process should be started again, if it should: an agent has failed, or the disk has. */
    Optional<String> deadBecause() {
        Throwable failure = fault.get();
        if (failure != null) {
            return Optional.of("an agent has failed: " + failure);
        }
        return log.failure();
    }

    /** Why it should get no work at the moment, if it should not. */
    Optional<String> notReadyBecause() {
        return deadBecause().or(log::shortage);
    }
}
