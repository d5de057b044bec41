package io.millrace.broker.handler;

import io.millrace.broker.message.FetchRequest.FetchTopic;
import io.millrace.broker.message.FetchRequest.FetchTopic.FetchPartition;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Signal;
import io.millrace.node.NodeDoor;
import io.millrace.node.PartitionHandle;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a fetch: where it is read, or why it is not.
 *
 * @param refusal NONE if it may be read
 */
record FetchTarget(
        String topic,
        UUID topicId,
        FetchPartition asked,
        @Nullable PartitionHandle handle,
        ErrorCode refusal,
        int leaderEpoch) {

    static FetchTarget of(NodeDoor door, String name, FetchTopic topic, FetchPartition asked) {
        PartitionHandle handle = door.partition(new TopicPartition(name, asked.partition()));
        int epoch = door.leaderEpoch();
        ErrorCode refusal = handle == null || handle.isDeleted()
                ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                : epochRefusal(asked.currentLeaderEpoch(), epoch);
        return new FetchTarget(topic.topic(), topic.topicId(), asked, handle, refusal, epoch);
    }

    static FetchTarget refused(FetchTopic topic, FetchPartition asked, ErrorCode why) {
        return new FetchTarget(topic.topic(), topic.topicId(), asked, null, why, -1);
    }

    /** A client that knows of another leader must ask for metadata, or wait until this node has heard (KIP-320). */
    static ErrorCode epochRefusal(int known, int current) {
        if (known < 0 || known == current) {
            return ErrorCode.NONE;
        }
        return known < current ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }

    void join(Signal signal) {
        if (handle != null) {
            handle.join(signal);
        }
    }

    void leave(Signal signal) {
        if (handle != null) {
            handle.leave(signal);
        }
    }
}
