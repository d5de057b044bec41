package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a topic. Nobody finds it from the first stage on; its directories go at the last one, when no sync that came before
 * can need their files any more, or, of a partition that is being compacted or synced in the background, when that has ended.
 * Its name is free, and the request answered, when all of them have gone: directories bear names, so the next topic must not
 * meet them.
 */
final class DeleteTopicWork extends Work {

    private static final Logger LOG = LoggerFactory.getLogger(DeleteTopicWork.class);

    private final String topic;
    private final Pending<Void> pending;
    private final List<Partition> leaving = new ArrayList<>();
    private boolean deleted;
    private boolean answered;

    DeleteTopicWork(String topic, Pending<Void> pending) {
        this.topic = topic;
        this.pending = pending;
    }

    @Override
    void append(LogOwner log) {
        if (deleted) {
            return;
        }
        try {
            leaving.addAll(log.topics().delete(topic));
            deleted = true;
        } catch (LogException refused) {
            fail(refused.error(), refused.reason());
            return;
        }
        try {
            log.groups().forgetTopic(log, topic); // not before: a refusal must leave them
        } catch (LogException notWritten) {
            LOG.warn("topic={} was deleted, groups keep their positions in it: {}", topic, notWritten.getMessage());
        }
    }

    @Override
    void acknowledge(LogOwner log) {
        if (answered) {
            return;
        }
        leaving.removeIf(partition -> {
            boolean idle = !log.compactions().isActive(partition) && !partition.isSyncing();
            if (idle) {
                log.topics().discard(partition);
            }
            return idle;
        });
        if (leaving.isEmpty()) {
            answered = true;
            log.topics().release(topic);
            pending.succeed(null);
        } else {
            log.awaitIdle(this);
        }
    }

    @Override
    void fail(ErrorCode error, String message) {
        if (!answered) {
            answered = true;
            pending.fail(error, message);
        }
    }
}
