package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ListOffsetsRequest;
import io.millrace.broker.message.ListOffsetsRequest.ListOffsetsTopic.ListOffsetsPartition;
import io.millrace.broker.message.ListOffsetsResponse;
import io.millrace.broker.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import io.millrace.broker.message.ListOffsetsResponse.ListOffsetsTopicResponse.ListOffsetsPartitionResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.FoundOffset;
import io.millrace.client.IsolationLevel;
import io.millrace.client.OffsetQuery;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds offsets by time, or the ends of partitions. Negative times have meanings of their own (KIP-79, KIP-734, KIP-1005). */
final class ListOffsetsHandler implements Handler<ListOffsetsRequest> {

    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;

    /** Before it, a response cannot tell the leader epoch of what was found. */
    private static final short LEADER_EPOCHS = 4;

    private final Surroundings around;

    ListOffsetsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(ListOffsetsRequest request, Call call) {
        ListOffsetsResponse response = new ListOffsetsResponse();
        IsolationLevel isolation =
                request.isolationLevel() == 1 ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED;
        request.topics().forEach(topic -> {
            ListOffsetsTopicResponse answered = new ListOffsetsTopicResponse().name(topic.name());
            boolean allowed = around.allows(call, Operation.DESCRIBE, Resource.TOPIC, topic.name());
            topic.partitions().forEach(asked -> {
                ListOffsetsPartitionResponse one =
                        new ListOffsetsPartitionResponse().partitionIndex(asked.partitionIndex());
                answered.partitions().add(one);
                if (allowed) {
                    find(one, new TopicPartition(topic.name(), asked.partitionIndex()), asked, isolation);
                    if (call.version() < LEADER_EPOCHS) {
                        one.leaderEpoch(-1);
                    }
                } else {
                    one.errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
                }
            });
            response.topics().add(answered);
        });
        return Answer.of(response);
    }

    private void find(
            ListOffsetsPartitionResponse into,
            TopicPartition partition,
            ListOffsetsPartition asked,
            IsolationLevel isolation) {
        ErrorCode epoch = FetchTarget.epochRefusal(
                asked.currentLeaderEpoch(), around.door().leaderEpoch());
        OffsetQuery query = query(asked.timestamp());
        if (around.door().partition(partition) == null) {
            into.errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        } else if (epoch != ErrorCode.NONE) {
            into.errorCode(epoch.code());
        } else if (query != null) {
            // Looks at published views on this thread, so the answer is there.
            fill(into, around.door().client().findOffset(partition, query, isolation));
        }
    }

    private static void fill(ListOffsetsPartitionResponse into, Pending<FoundOffset> found) {
        if (found.isFailed()) {
            into.errorCode(found.error().code());
            return;
        }
        FoundOffset offset = found.value();
        into.offset(offset.offset()).timestamp(offset.timestampMs()).leaderEpoch(offset.leaderEpoch());
    }

    /** Null for what is in no log here, such as a tiered part. */
    private static @Nullable OffsetQuery query(long timestamp) {
        if (timestamp >= 0) {
            return new OffsetQuery.AtOrAfter(timestamp);
        }
        if (timestamp == LATEST) {
            return new OffsetQuery.Latest();
        }
        if (timestamp == MAX_TIMESTAMP) {
            return new OffsetQuery.MaxTimestamp();
        }
        if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            return new OffsetQuery.Earliest();
        }
        return null;
    }
}
