package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DeleteRecordsRequest;
import io.millrace.broker.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.millrace.broker.message.DeleteRecordsRequest.DeleteRecordsTopic.DeleteRecordsPartition;
import io.millrace.broker.message.DeleteRecordsResponse;
import io.millrace.broker.message.DeleteRecordsResponse.DeleteRecordsTopicResult;
import io.millrace.broker.message.DeleteRecordsResponse.DeleteRecordsTopicResult.DeleteRecordsPartitionResult;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import java.util.ArrayList;
import java.util.List;

/** Moves the starts of logs up; -1 stands for the high watermark. */
final class DeleteRecordsHandler implements Handler<DeleteRecordsRequest> {

    private static final long NO_LOW_WATERMARK = -1;

    private final Surroundings around;

    DeleteRecordsHandler(Surroundings around) {
        this.around = around;
    }

    private record Deletion(DeleteRecordsPartitionResult result, Pending<Long> pending) {

        void fill() {
            if (pending.isFailed()) {
                result.errorCode(pending.error().code()).lowWatermark(NO_LOW_WATERMARK);
            } else {
                result.lowWatermark(pending.value());
            }
        }
    }

    @Override
    public Answer handle(DeleteRecordsRequest request, Call call) {
        DeleteRecordsResponse response = new DeleteRecordsResponse();
        List<Deletion> deletions = new ArrayList<>();
        for (DeleteRecordsTopic topic : request.topics()) {
            boolean allowed = around.allows(call, Operation.DELETE, Resource.TOPIC, topic.name());
            DeleteRecordsTopicResult results = new DeleteRecordsTopicResult().name(topic.name());
            response.topics().add(results);
            for (DeleteRecordsPartition partition : topic.partitions()) {
                DeleteRecordsPartitionResult result =
                        new DeleteRecordsPartitionResult().partitionIndex(partition.partitionIndex());
                results.partitions().add(result);
                deletions.add(new Deletion(
                        result,
                        allowed
                                ? delete(
                                        new TopicPartition(topic.name(), partition.partitionIndex()),
                                        partition.offset())
                                : Pending.failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, topic.name())));
            }
        }
        return Answer.whenAll(deletions.stream().map(Deletion::pending).toList(), () -> {
            deletions.forEach(Deletion::fill);
            return response;
        });
    }

    private Pending<Long> delete(TopicPartition partition, long beforeOffset) {
        return partition.partition() < 0 || around.door().partition(partition) == null
                ? Pending.failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no " + partition)
                : around.door().client().deleteRecords(partition, beforeOffset);
    }
}
