package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.OffsetForLeaderEpochRequest;
import io.millrace.broker.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic.OffsetForLeaderPartition;
import io.millrace.broker.message.OffsetForLeaderEpochResponse;
import io.millrace.broker.message.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult;
import io.millrace.broker.message.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult.EpochEndOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.log.EpochHistory;
import io.millrace.log.LogView;
import io.millrace.node.PartitionHandle;

/** Tells where a leader epoch ends, so that a client sees whether what it has read is still there (KIP-320). */
final class OffsetForLeaderEpochHandler implements Handler<OffsetForLeaderEpochRequest> {

    private final Surroundings around;

    OffsetForLeaderEpochHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(OffsetForLeaderEpochRequest request, Call call) {
        OffsetForLeaderEpochResponse response = new OffsetForLeaderEpochResponse();
        request.topics().forEach(topic -> {
            OffsetForLeaderTopicResult answered = new OffsetForLeaderTopicResult().topic(topic.topic());
            boolean allowed = around.allows(call, Operation.DESCRIBE, Resource.TOPIC, topic.topic());
            topic.partitions().forEach(asked -> answered.partitions()
                    .add(allowed ? end(topic.topic(), asked) : refused(asked, ErrorCode.TOPIC_AUTHORIZATION_FAILED)));
            response.topics().add(answered);
        });
        return Answer.of(response);
    }

    private EpochEndOffset end(String topic, OffsetForLeaderPartition asked) {
        PartitionHandle handle = around.door().partition(new TopicPartition(topic, asked.partition()));
        if (handle == null || handle.isDeleted()) {
            return refused(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        ErrorCode epoch = FetchTarget.epochRefusal(
                asked.currentLeaderEpoch(), around.door().leaderEpoch());
        if (epoch != ErrorCode.NONE) {
            return refused(asked, epoch);
        }
        EpochHistory.End end =
                handle.view().map(view -> view.endOfEpoch(asked.leaderEpoch())).orElse(EpochHistory.End.UNKNOWN);
        if (end.epoch() < 0 && asked.leaderEpoch() == around.door().leaderEpoch()) {
            // Nothing has been written under this leader yet, but there is one, whose epoch ends where it began.
            long at = handle.view().map(LogView::logEndOffset).orElse(0L);
            end = new EpochHistory.End(asked.leaderEpoch(), at);
        }
        return new EpochEndOffset()
                .partition(asked.partition())
                .leaderEpoch(end.epoch())
                .endOffset(end.endOffset());
    }

    private static EpochEndOffset refused(OffsetForLeaderPartition asked, ErrorCode why) {
        return new EpochEndOffset().partition(asked.partition()).errorCode(why.code());
    }
}
