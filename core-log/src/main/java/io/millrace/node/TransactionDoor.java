package io.millrace.node;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Committer;
import io.millrace.coordinator.Decision;
import io.millrace.coordinator.TransactionEntry;
import io.millrace.coordinator.TransactionRecord;
import io.millrace.coordinator.TransactionReply;
import io.millrace.coordinator.TransactionVersion;
import io.millrace.log.ProducerState;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a listener may ask of a node's transactions on behalf of producers and tools elsewhere. The part of a {@link NodeDoor}:
 * one thread owns both; no call blocks. Errors are those of Kafka's coordinator; what older versions call them is left to the
 * listener.
 */
public final class TransactionDoor {

    /** What fits into the key of a record. */
    private static final int ID_BYTES_MAX = Short.MAX_VALUE;

    private final Door door;

    TransactionDoor(Door door) {
        this.door = door;
    }

    /** An identity that nobody had before, for an idempotent producer. */
    public Pending<ProducerIdentity> freshProducer() {
        return door.ask((log, request) -> new ProducerIdentity(log.topics().freshProducerId(), (short) 0));
    }

    /**
     * A producer asks for its identity, by which every older one of the id is fenced. Fails with INVALID_REQUEST,
     * INVALID_TRANSACTION_TIMEOUT, PRODUCER_FENCED; and with CONCURRENT_TRANSACTIONS while an earlier transaction is not
     * complete, which is aborted if it is open.
     *
     * @param claimed who it was until now, if it goes on after an error (KIP-360); null if it is new
     */
    public Pending<ProducerIdentity> init(String transactionalId, int timeoutMs, @Nullable ProducerIdentity claimed) {
        int bytes = transactionalId.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > ID_BYTES_MAX) {
            return Pending.failed(
                    ErrorCode.INVALID_REQUEST,
                    "a transactional id has 1 to " + ID_BYTES_MAX + " bytes, this one has " + bytes);
        }
        Pending<ProducerIdentity> pending = new Pending<>(door.signal());
        door.send(InitProducer.ofClient(transactionalId, timeoutMs, claimed, pending));
        return pending;
    }

    /**
     * Makes partitions a part of the producer's transaction, which opens it. Fails with INVALID_REQUEST,
     * INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS.
     */
    public Pending<Void> add(
            String transactionalId,
            ProducerIdentity producer,
            Collection<TopicPartition> partitions,
            TransactionVersion version) {
        if (transactionalId.isEmpty()) {
            return nameless();
        }
        Set<TopicPartition> added = Set.copyOf(partitions);
        return door.ask((log, request) -> {
            add(log, request, transactionalId, producer, added, version);
            return null;
        });
    }

    /** The same for the partition that keeps a group's positions. */
    public Pending<Void> addGroup(String transactionalId, ProducerIdentity producer, String group) {
        return add(transactionalId, producer, Set.of(InternalTopics.ofGroup(group)), TransactionVersion.V0);
    }

    private static void add(
            LogOwner log,
            Work request,
            String transactionalId,
            ProducerIdentity producer,
            Set<TopicPartition> partitions,
            TransactionVersion version) {
        Transactions transactions = log.transactions();
        transactions.enlistments().requireNotEnding(transactionalId);
        Decision<TransactionRecord, TransactionReply> decision = transactions
                .of(transactionalId)
                .clients()
                .add(transactionalId, producer, partitions, version, log.nowMs());
        if (transactions.carryOut(log, transactionalId, decision) instanceof TransactionReply.Refused refused) {
            throw new LogException(refused.error(), refused.message());
        }
        request.touch(transactions.partitionOf(transactionalId));
    }

    /** Whether partitions are a part of the producer's open transaction, each with an error or NONE. */
    public Pending<Map<TopicPartition, ErrorCode>> verify(
            String transactionalId, ProducerIdentity producer, Collection<TopicPartition> partitions) {
        if (transactionalId.isEmpty()) {
            return nameless();
        }
        Set<TopicPartition> asked = Set.copyOf(partitions);
        return door.ask((log, request) ->
                log.transactions().of(transactionalId).clients().verify(transactionalId, producer, asked));
    }

    /**
     * Ends the producer's transaction; answered, when it is complete, with the identity to go on with. Fails with
     * INVALID_REQUEST, INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, INVALID_TXN_STATE, CONCURRENT_TRANSACTIONS.
     */
    public Pending<ProducerIdentity> end(
            String transactionalId, ProducerIdentity producer, boolean commit, TransactionVersion version) {
        if (transactionalId.isEmpty()) {
            return nameless();
        }
        Pending<ProducerIdentity> pending = new Pending<>(door.signal());
        door.send(EndTransaction.askedByClient(transactionalId, producer, commit, version, pending));
        return pending;
    }

    private static <T> Pending<T> nameless() {
        return Pending.failed(ErrorCode.INVALID_REQUEST, "a transactional id must not be empty");
    }

    /**
     * Commits positions of a group as a part of a producer's transaction. What became of each, and what it fails with for all,
     * is as with {@link NodeDoor#commitOffsets}; or it fails with what a write to the transaction is refused with.
     */
    public Pending<Map<TopicPartition, ErrorCode>> commitOffsets(
            InTransaction in,
            ProducerIdentity producer,
            String group,
            Committer who,
            Map<TopicPartition, CommittedOffset> offsets) {
        Map<TopicPartition, CommittedOffset> positions = Map.copyOf(offsets);
        return door.ask(
                (log, request) -> log.groups().commitInTransaction(log, request, in, producer, group, who, positions));
    }

    // ---- for tools

    /** Every transactional id, in order of name, and the wall-clock time (ms) at which that was so. */
    public record Listing(List<TransactionEntry> entries, long nowMs) {}

    /** Every transactional id. */
    public Pending<Listing> list() {
        return door.ask((log, request) -> new Listing(log.transactions().entries(), log.nowMs()));
    }

    /** What is known of these ids; those that are not known are left out. */
    public Pending<Map<String, TransactionEntry>> find(Collection<String> transactionalIds) {
        List<String> ids = List.copyOf(transactionalIds);
        return door.ask((log, request) -> {
            Map<String, TransactionEntry> found = new LinkedHashMap<>();
            for (String id : ids) {
                TransactionEntry entry = log.transactions().of(id).find(id);
                if (entry != null) {
                    found.put(id, entry);
                }
            }
            return found;
        });
    }

    /** The producers that partitions know, those of idempotent producers too; partitions that do not exist are left out. */
    public Pending<Map<TopicPartition, List<ProducerState>>> producers(Collection<TopicPartition> partitions) {
        List<TopicPartition> asked = List.copyOf(partitions);
        return door.ask((log, request) -> {
            Map<TopicPartition, List<ProducerState>> found = new LinkedHashMap<>();
            for (TopicPartition id : asked) {
                Partition partition = log.partitions().find(id);
                if (partition != null) {
                    found.put(id, List.copyOf(partition.producers()));
                }
            }
            return found;
        });
    }

    /**
     * Ends a producer's transaction in these partitions, whatever its coordinator knows of it; for operators whose readers are
     * kept back by a transaction that nobody ends. For each NONE, UNKNOWN_TOPIC_OR_PARTITION, INVALID_PRODUCER_EPOCH,
     * TRANSACTION_COORDINATOR_FENCED, KAFKA_STORAGE_ERROR.
     *
     * @param producer with the epoch that the markers have
     * @param version by which the partitions check that epoch
     */
    public Pending<Map<TopicPartition, ErrorCode>> writeMarkers(
            ProducerIdentity producer,
            boolean commit,
            int coordinatorEpoch,
            TransactionVersion version,
            Collection<TopicPartition> partitions) {
        Pending<Map<TopicPartition, ErrorCode>> pending = new Pending<>(door.signal());
        door.send(new WriteMarkers(producer, commit, coordinatorEpoch, version, List.copyOf(partitions), pending));
        return pending;
    }
}
