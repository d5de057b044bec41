package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicDescription;
import org.jspecify.annotations.Nullable;

/**
 * What became of one of several topics that were to be made together.
 *
 * @param topic null if it was refused
 * @param error NONE if it was made
 * @param message empty if it was made
 */
public record CreatedTopic(@Nullable TopicDescription topic, ErrorCode error, String message) {

    static CreatedTopic made(TopicDescription topic) {
        return new CreatedTopic(topic, ErrorCode.NONE, "");
    }

    static CreatedTopic refused(ErrorCode error, String message) {
        return new CreatedTopic(null, error, message);
    }
}
