package io.millrace.server.client;

import io.millrace.broker.message.InitProducerIdRequest;
import io.millrace.broker.message.InitProducerIdResponse;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.ProduceRequest.TopicProduceData;
import io.millrace.broker.message.ProduceRequest.TopicProduceData.PartitionProduceData;
import io.millrace.broker.message.ProduceResponse;
import io.millrace.broker.message.ProduceResponse.TopicProduceResponse.PartitionProduceResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.record.wire.ByteSlice;
import io.millrace.streams.codec.KeyPartitioner;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to one topic, idempotent: what is sent again after a passing refusal is stored once. Records with a key go where
 * Kafka's producers put them, others fill a batch and then take the next partition. On the thread of its {@link ClusterClient}.
 *
 * <p>Life: {@link #write} any number of times, {@link #flush}. What is not flushed is not written.
 */
public final class RecordWriter {

    /** Below Kafka's default of {@code max.message.bytes}, which counts compressed bytes. */
    private static final int BATCH_BYTES_MAX = 1_000_000;

    private static final int BATCH_BYTES_SENT = 64 << 10;

    /** From version 13 on topics are named by id. */
    private static final int BY_NAME_MAX = 12;

    private static final Duration RETRY_MAX = Duration.ofSeconds(30);
    private static final int ACKNOWLEDGE_WITHIN_MS = 30_000;
    private static final short ALL_REPLICAS = -1;

    private static final class Batch {
        private final RecordBatchBuilder records;
        private int sequence;

        Batch(Compression compression) {
            records = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, BATCH_BYTES_MAX);
        }
    }

    private final ClusterClient cluster;
    private final TopicLayout topic;
    private final Compression compression;
    private final Map<Integer, Batch> batches = new TreeMap<>();
    private final long producerId;
    private final short producerEpoch;
    private long written;
    private int keylessPartition;

    /** @throws ClientException if the node gives no producer id */
    public RecordWriter(ClusterClient cluster, TopicLayout topic, Compression compression) {
        this.cluster = cluster;
        this.topic = topic;
        this.compression = compression;
        InitProducerIdResponse identity = identity(cluster);
        producerId = identity.producerId();
        producerEpoch = identity.producerEpoch();
    }

    /** A broker of Apache Kafka that has just started has no ids yet and says that it is loading. */
    private static InitProducerIdResponse identity(ClusterClient cluster) {
        long endNs = System.nanoTime() + RETRY_MAX.toNanos();
        while (true) {
            InitProducerIdResponse answer = cluster.ask(
                    InitProducerIdRequest.KIND,
                    new InitProducerIdRequest().transactionalId(null).transactionTimeoutMs(Integer.MAX_VALUE),
                    InitProducerIdResponse::read);
            boolean isLoading = answer.errorCode() == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code();
            if (!isLoading || System.nanoTime() > endNs) {
                ClientException.check("a producer id", answer.errorCode(), null);
                return answer;
            }
            ClusterClient.pause();
        }
    }

    /** How many records were acknowledged. */
    public long written() {
        return written;
    }

    /**
     * Takes a record, and sends what has gathered if it is enough.
     *
     * @param partition null to let the key say
     * @throws io.millrace.record.RecordTooLargeException if it fits into no batch
     */
    public void write(
            @Nullable Integer partition,
            long timestampMs,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Header[] headers) {
        int target = partition(partition, key);
        Batch batch = batches.computeIfAbsent(target, one -> new Batch(compression));
        if (!batch.records.append(timestampMs, key, value, headers)) {
            send(target, batch);
            batch.records.append(timestampMs, key, value, headers);
        }
        if (batch.records.sizeInBytes() >= BATCH_BYTES_SENT) {
            send(target, batch);
        }
    }

    private int partition(@Nullable Integer partition, byte @Nullable [] key) {
        int count = topic.partitions().size();
        if (partition != null) {
            if (partition < 0 || partition >= count) {
                throw new ClientException(
                        "topic " + topic.name() + " has partitions 0 to " + (count - 1) + ", no " + partition + ".");
            }
            return partition;
        }
        return key == null ? keylessPartition % count : KeyPartitioner.partition(key, key.length, count);
    }

    /** Returns when everything is acknowledged. */
    public void flush() {
        batches.forEach((partition, batch) -> {
            if (!batch.records.isEmpty()) {
                send(partition, batch);
            }
        });
    }

    private void send(int partition, Batch batch) {
        RecordBatch finished = batch.records.finish(producerId, producerEpoch, batch.sequence, false);
        long endNs = System.nanoTime() + RETRY_MAX.toNanos();
        TopicPartition target = new TopicPartition(topic.name(), partition);
        while (true) {
            PartitionProduceResponse answer = send(target, finished);
            ErrorCode error = ErrorCode.of(answer.errorCode());
            if (error == ErrorCode.NONE) {
                break;
            }
            if (!error.isRetriable() || System.nanoTime() > endNs) {
                throw ClientException.refused("writing to " + target, answer.errorCode(), answer.errorMessage());
            }
            cluster.forget(topic.name());
            ClusterClient.pause();
        }
        written += finished.recordCount();
        batch.sequence = RecordBatch.sequenceAfter(batch.sequence, finished.recordCount());
        batch.records.reset();
        keylessPartition = (keylessPartition + 1) % topic.partitions().size();
    }

    private PartitionProduceResponse send(TopicPartition target, RecordBatch batch) {
        PartitionProduceData data = new PartitionProduceData()
                .index(target.partition())
                .records(new ByteSlice(batch.bytes(), batch.position(), batch.sizeInBytes()));
        TopicProduceData one = new TopicProduceData().name(target.topic());
        one.partitionData().add(data);
        ProduceRequest request = new ProduceRequest().acks(ALL_REPLICAS).timeoutMs(ACKNOWLEDGE_WITHIN_MS);
        request.topicData().add(one);
        ProduceResponse response = cluster.askNode(
                cluster.leader(target), ProduceRequest.KIND, BY_NAME_MAX, request, ProduceResponse::read);
        return response.responses().get(0).partitionResponses().get(0);
    }
}
