package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.coordinator.GroupReply;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a member's request, whenever that is known: then it goes through the pipeline, so that it is let out only when
 * everything that the group's partition holds by then is durable. Until then it waits outside.
 *
 * @param <T> the kind of answer
 */
final class LateAnswer<T extends GroupReply> extends Work {

    private final Class<T> kind;
    private final Pending<T> pending;
    private final String group;
    private final Partition partition;
    private @Nullable T reply;
    private boolean answered;

    /** @param partition that keeps the group */
    LateAnswer(Class<T> kind, Pending<T> pending, String group, Partition partition) {
        this.kind = kind;
        this.pending = pending;
        this.group = group;
        this.partition = partition;
    }

    String group() {
        return group;
    }

    /** What it will say. */
    LateAnswer<T> saying(GroupReply known) {
        reply = kind.cast(known);
        return this;
    }

    @Override
    void append(LogOwner log) {
        touch(partition);
    }

    @Override
    void acknowledge(LogOwner log) {
        if (!answered) {
            answered = true;
            pending.succeed(Objects.requireNonNull(reply));
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
