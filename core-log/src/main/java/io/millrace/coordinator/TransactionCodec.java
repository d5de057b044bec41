package io.millrace.coordinator;

import io.millrace.client.TopicPartition;
import io.millrace.coordinator.record.TransactionLogKey;
import io.millrace.coordinator.record.TransactionLogValue;
import io.millrace.coordinator.record.TransactionLogValue.PartitionsSchema;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@link TransactionRecord}s as Kafka keeps them in {@code __transaction_state}. Stateless.
 *
 * <pre>
 * key     type (2) = 0 | TransactionLogKey
 * value   version (2) = 1 | TransactionLogValue
 * </pre>
 */
public final class TransactionCodec {

    /** The first version that knows of rolled-over producer ids (KIP-890). */
    private static final short VALUE_VERSION = 1;

    private TransactionCodec() {}

    public static byte[] key(String transactionalId) {
        ByteWriter out = new ByteWriter();
        out.int16(TransactionLogKey.TYPE);
        new TransactionLogKey().transactionalId(transactionalId).write(out, TransactionLogKey.HIGHEST_VERSION);
        return out.toByteArray();
    }

    /** Null, a tombstone, for null. */
    public static byte @Nullable [] value(@Nullable TransactionEntry entry) {
        if (entry == null) {
            return null;
        }
        ByteWriter out = new ByteWriter();
        out.int16(VALUE_VERSION);
        new TransactionLogValue()
                .producerId(entry.producerId())
                .previousProducerId(entry.previousProducerId())
                .nextProducerId(entry.nextProducerId())
                .producerEpoch(entry.epoch())
                .transactionTimeoutMs(entry.timeoutMs())
                .transactionStatus(entry.phase().id())
                .transactionPartitions(entry.phase() == TransactionPhase.EMPTY ? null : grouped(entry.partitions()))
                .transactionLastUpdateTimestampMs(entry.updateMs())
                .transactionStartTimestampMs(entry.startMs())
                .clientTransactionVersion(entry.version().level())
                .write(out, VALUE_VERSION);
        return out.toByteArray();
    }

    private static List<PartitionsSchema> grouped(List<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            byTopic.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                    .add(partition.partition());
        }
        List<PartitionsSchema> topics = new ArrayList<>();
        byTopic.forEach((topic, ids) -> topics.add(new PartitionsSchema()
                .topic(topic)
                .partitionIds(ids.stream().mapToInt(Integer::intValue).toArray())));
        return topics;
    }

    /**
     * Reads a record back; empty if its key is of a kind that is not known.
     *
     * @throws MalformedMessageException if it is damaged
     */
    public static Optional<TransactionRecord> read(byte[] key, byte @Nullable [] value) {
        ByteReader keyIn = new ByteReader(key);
        if (keyIn.int16() != TransactionLogKey.TYPE) {
            return Optional.empty();
        }
        String transactionalId =
                TransactionLogKey.read(keyIn, TransactionLogKey.HIGHEST_VERSION).transactionalId();
        if (value == null) {
            return Optional.of(new TransactionRecord(transactionalId, null));
        }
        ByteReader in = new ByteReader(value);
        TransactionLogValue read = TransactionLogValue.read(in, in.int16());
        TransactionPhase phase = TransactionPhase.of(read.transactionStatus());
        if (phase == null) {
            throw new MalformedMessageException(
                    "transaction " + transactionalId + " has status " + read.transactionStatus());
        }
        return Optional.of(new TransactionRecord(transactionalId, entry(transactionalId, phase, read)));
    }

    private static TransactionEntry entry(String transactionalId, TransactionPhase phase, TransactionLogValue read) {
        List<TopicPartition> partitions = new ArrayList<>();
        List<PartitionsSchema> topics = read.transactionPartitions();
        if (topics != null) {
            for (PartitionsSchema topic : topics) {
                for (int partition : topic.partitionIds()) {
                    partitions.add(new TopicPartition(topic.topic(), partition));
                }
            }
        }
        partitions.sort(null);
        TransactionVersion version = TransactionVersion.ofLevel(read.clientTransactionVersion());
        boolean bumped = phase.isPrepared() && version.bumpsEpoch();
        short lastEpoch = bumped ? (short) (read.producerEpoch() - 1) : TransactionEntry.NO_EPOCH;
        return new TransactionEntry(
                transactionalId,
                read.producerId(),
                read.previousProducerId(),
                read.nextProducerId(),
                read.producerEpoch(),
                lastEpoch,
                read.transactionTimeoutMs(),
                phase,
                version,
                partitions,
                read.transactionStartTimestampMs(),
                read.transactionLastUpdateTimestampMs());
    }
}
