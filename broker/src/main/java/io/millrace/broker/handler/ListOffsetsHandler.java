package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ListOffsetsRequest;
import io.millrace.broker.message.ListOffsetsRequest.ListOffsetsTopic;
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
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds offsets by time, or the ends of partitions. Negative times have meanings of their own (KIP-79, KIP-734, KIP-1005). */
final class ListOffsetsHandler implements Handler<ListOffsetsRequest> {

    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    /** Versions from which on these have their meaning. */
    private static final short MAX_TIMESTAMPS = 7;

    private static final short LOCAL_STARTS = 8;
    private static final short TIERS = 9;
    private static final short UPLOADS = 11;

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
        request.topics().forEach(topic -> response.topics().add(answer(call, topic, isolation)));
        return Answer.of(response);
    }

    private ListOffsetsTopicResponse answer(Call call, ListOffsetsTopic topic, IsolationLevel isolation) {
        ListOffsetsTopicResponse answered = new ListOffsetsTopicResponse().name(topic.name());
        boolean allowed = around.allows(call, Operation.DESCRIBE, Resource.TOPIC, topic.name());
        Map<Integer, ListOffsetsPartitionResponse> partitions = new LinkedHashMap<>();
        for (ListOffsetsPartition asked : topic.partitions()) {
            ListOffsetsPartitionResponse one =
                    new ListOffsetsPartitionResponse().partitionIndex(asked.partitionIndex());
            if (partitions.putIfAbsent(asked.partitionIndex(), one) != null) {
                partitions.put(asked.partitionIndex(), one.errorCode(ErrorCode.INVALID_REQUEST.code())); // named twice
            } else if (!allowed) {
                one.errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
            } else if (asked.timestamp() < lowestTimestamp(call.version())) {
                one.errorCode(ErrorCode.UNSUPPORTED_VERSION.code());
            } else {
                find(one, new TopicPartition(topic.name(), asked.partitionIndex()), asked, isolation);
                if (call.version() < LEADER_EPOCHS) {
                    one.leaderEpoch(-1);
                }
            }
        }
        answered.partitions().addAll(partitions.values());
        return answered;
    }

    /** Times below it have no meaning yet in this version. */
    private static long lowestTimestamp(short version) {
        if (version >= UPLOADS) {
            return EARLIEST_PENDING_UPLOAD;
        }
        if (version >= TIERS) {
            return LATEST_TIERED;
        }
        return version >= LOCAL_STARTS ? EARLIEST_LOCAL : version >= MAX_TIMESTAMPS ? MAX_TIMESTAMP : EARLIEST;
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
            boolean isEnd = query instanceof OffsetQuery.Earliest || query instanceof OffsetQuery.Latest;
            if (isEnd && into.errorCode() == ErrorCode.NONE.code() && into.leaderEpoch() < 0) {
                into.leaderEpoch(around.door().leaderEpoch()); // nothing is written yet, but there is a leader
            }
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
