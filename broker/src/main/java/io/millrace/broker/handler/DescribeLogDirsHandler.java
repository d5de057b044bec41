package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DescribeLogDirsRequest;
import io.millrace.broker.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.millrace.broker.message.DescribeLogDirsResponse;
import io.millrace.broker.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.millrace.broker.message.DescribeLogDirsResponse.DescribeLogDirsResult.DescribeLogDirsTopic;
import io.millrace.broker.message.DescribeLogDirsResponse.DescribeLogDirsResult.DescribeLogDirsTopic.DescribeLogDirsPartition;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.log.DiskSpace;
import io.millrace.log.LogView;
import io.millrace.log.StorageException;
import io.millrace.node.PartitionHandle;
import java.util.List;
import java.util.stream.IntStream;

/** Tells how large partitions are, and how much room the disk has. A partition that was never written has no log yet, and size 0. */
final class DescribeLogDirsHandler implements Handler<DescribeLogDirsRequest> {

    private final Surroundings around;

    DescribeLogDirsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(DescribeLogDirsRequest request, Call call) {
        DescribeLogDirsResponse response = new DescribeLogDirsResponse();
        if (!around.allows(call, Operation.DESCRIBE, Resource.CLUSTER, Authorizer.CLUSTER_NAME)) {
            return Answer.of(response.errorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code()));
        }
        DescribeLogDirsResult directory =
                new DescribeLogDirsResult().logDir(around.door().admin().location());
        response.results().add(directory);
        try {
            DiskSpace space = around.door().admin().space();
            directory.totalBytes(space.totalBytes()).usableBytes(space.usableBytes());
        } catch (StorageException e) {
            return Answer.of(with(response, directory, e));
        }
        List<DescribableLogDirTopic> asked = request.topics();
        if (asked == null) {
            around.door().topics().all().forEach(topic -> add(directory, topic.name(), everyPartition(topic)));
        } else {
            asked.forEach(topic -> add(directory, topic.topic(), topic.partitions()));
        }
        return Answer.of(response);
    }

    private static DescribeLogDirsResponse with(
            DescribeLogDirsResponse response, DescribeLogDirsResult directory, StorageException failure) {
        directory.errorCode(failure.error().code());
        return response;
    }

    private static int[] everyPartition(TopicDescription topic) {
        return IntStream.range(0, topic.partitionCount()).toArray();
    }

    private void add(DescribeLogDirsResult to, String topic, int[] partitions) {
        DescribeLogDirsTopic described = new DescribeLogDirsTopic().name(topic);
        for (int partition : partitions) {
            PartitionHandle handle =
                    partition < 0 ? null : around.door().partition(new TopicPartition(topic, partition));
            if (handle == null || handle.view().isEmpty() && isOwn(topic)) {
                continue; // of the log's own partitions only those in use
            }
            long size = handle.view().map(LogView::sizeInBytes).orElse(0L);
            described
                    .partitions()
                    .add(new DescribeLogDirsPartition()
                            .partitionIndex(partition)
                            .partitionSize(size));
        }
        if (!described.partitions().isEmpty()) {
            to.topics().add(described);
        }
    }

    private boolean isOwn(String topic) {
        TopicDescription found = around.door().topics().named(topic);
        return found != null && found.internal();
    }
}
