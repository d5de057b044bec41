package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import java.util.List;

/**
 * Removes a topic. Nobody finds it from the first stage on; its directories go at the last one, when no sync that came before
 * can need their files any more.
 */
final class DeleteTopicWork extends Work {

    private final String topic;
    private final Pending<Void> pending;
    private List<Partition> gone = List.of();
    private boolean answered;

    DeleteTopicWork(String topic, Pending<Void> pending) {
        this.topic = topic;
        this.pending = pending;
    }

    @Override
    void append(LogOwner log) {
        try {
            log.topics().requireDeletable(topic);
            log.groups().forgetTopic(log, topic);
            gone = log.topics().delete(topic);
        } catch (LogException refused) {
            fail(refused.error(), refused.reason());
        }
    }

    @Override
    void acknowledge(LogOwner log) {
        if (!answered) {
            answered = true;
            // A partition that is being compacted is discarded when that has ended.
            log.topics()
                    .discard(gone.stream()
                            .filter(partition -> !log.compactions().isActive(partition))
                            .toList());
            pending.succeed(null);
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
