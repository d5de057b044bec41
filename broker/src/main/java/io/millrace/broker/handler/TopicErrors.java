package io.millrace.broker.handler;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.node.TopicsImage;

/** What is said about topics that are not there. */
final class TopicErrors {

    private TopicErrors() {}

    /** INVALID_TOPIC_EXCEPTION if there can be no topic of this name, else UNKNOWN_TOPIC_OR_PARTITION. */
    static LogException missing(String name) {
        return TopicsImage.problemOfName(name)
                .map(problem -> new LogException(ErrorCode.INVALID_TOPIC_EXCEPTION, problem))
                .orElseGet(() -> new LogException(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + name + "' does not exist."));
    }
}
