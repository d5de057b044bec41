package io.millrace.node;

import io.millrace.client.LogException;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.client.TransactionDescription;
import io.millrace.coordinator.Decision;
import io.millrace.coordinator.Resolution;
import io.millrace.coordinator.TransactionCodec;
import io.millrace.coordinator.TransactionCoordinator;
import io.millrace.coordinator.TransactionEntry;
import io.millrace.coordinator.TransactionLimits;
import io.millrace.coordinator.TransactionRecord;
import io.millrace.coordinator.TransactionReply;
import io.millrace.log.ProducerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The transaction coordinators of this node and what their decisions ask for. Owned by the log agent.
 *
 * <p>A decision's records are written before the coordinator replays them; so its state is at any time what a restart would
 * read.
 */
final class Transactions {

    private final TransactionLimits limits;
    private final PartitionTable partitions;
    private final RecordBatches batches = new RecordBatches();
    private final Map<TopicPartition, TransactionCoordinator> coordinators = new TreeMap<>();
    private final Map<String, Deque<InitProducer>> waiting = new HashMap<>();

    private final Enlistments enlistments;

    Transactions(TransactionLimits limits, PartitionTable partitions) {
        this.limits = limits;
        this.partitions = partitions;
        this.enlistments = new Enlistments(this, partitions);
    }

    /** What belongs to which open transaction. */
    Enlistments enlistments() {
        return enlistments;
    }

    TransactionCoordinator of(String transactionalId) {
        return of(InternalTopics.ofTransactionalId(transactionalId));
    }

    /** The coordinator stored in a partition of {@code __transaction_state}. */
    TransactionCoordinator of(TopicPartition partition) {
        return coordinators.computeIfAbsent(partition, id -> new TransactionCoordinator(limits));
    }

    Iterable<TransactionCoordinator> all() {
        return coordinators.values();
    }

    /** The partition that keeps this id. */
    Partition partitionOf(String transactionalId) {
        return Objects.requireNonNull(partitions.find(InternalTopics.ofTransactionalId(transactionalId)));
    }

    /**
     * Writes and replays the records of a decision.
     *
     * @return its reply, which is true now; durable once {@link #partitionOf} is
     * @throws LogException if they could not be written; then nothing has changed
     */
    TransactionReply carryOut(
            LogOwner log, String transactionalId, Decision<TransactionRecord, TransactionReply> decision) {
        decision.records().forEach(record -> write(log, record));
        return decision.reply();
    }

    /** Writes that an id is forgotten. */
    void forget(LogOwner log, TransactionRecord tombstone) {
        write(log, tombstone);
    }

    private void write(LogOwner log, TransactionRecord record) {
        log.appendNow(
                partitionOf(record.transactionalId()),
                batches.of(
                        log.nowMs(),
                        TransactionCodec.key(record.transactionalId()),
                        TransactionCodec.value(record.entry())));
        of(record.transactionalId()).replay(record);
    }

    /** Keeps a request until the id's transaction is complete. */
    void await(String transactionalId, InitProducer request) {
        waiting.computeIfAbsent(transactionalId, id -> new ArrayDeque<>()).add(request);
    }

    /** The id's transaction is complete: whoever waits for that tries again. */
    void completed(LogOwner log, String transactionalId) {
        Deque<InitProducer> requests = waiting.remove(transactionalId);
        if (requests != null) {
            requests.forEach(log::submit);
        }
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Requests that wait for a transaction to be complete. */
    List<Work> takeWaiting() {
        List<Work> all = new ArrayList<>();
        waiting.values().forEach(all::addAll);
        waiting.clear();
        return all;
    }

    /**
     * Finishes what a restart has interrupted: writes the markers of everything that was decided, and aborts what a power cut
     * has left in a partition although the record that registered it is lost. Nobody else could ever end those.
     */
    void resume(LogOwner log) {
        Map<TopicPartition, Set<ProducerIdentity>> held = new HashMap<>();
        for (TransactionCoordinator coordinator : coordinators.values()) {
            for (Resolution resolution : coordinator.unresolved()) {
                log.submit(EndTransaction.decided(resolution));
            }
            coordinator.forEachHeld((writer, partition) ->
                    held.computeIfAbsent(partition, id -> new HashSet<>()).add(writer));
        }
        for (Partition partition : partitions.all()) {
            Set<ProducerIdentity> known = held.getOrDefault(partition.id(), Set.of());
            for (ProducerState producer : partition.producers()) {
                ProducerIdentity writer = new ProducerIdentity(producer.producerId(), producer.epoch());
                if (producer.transactionFirstOffset() >= 0 && !known.contains(writer)) {
                    log.submit(new AbortOrphan(partition, writer));
                }
            }
        }
    }

    /** Whether an open or decided transaction holds the partition, with records that this producer wrote. */
    boolean isHeld(TopicPartition partition, ProducerIdentity writer) {
        return coordinators.values().stream().anyMatch(coordinator -> coordinator.holds(partition, writer));
    }

    /** Every id there is, in order of name. */
    List<TransactionEntry> entries() {
        return coordinators.values().stream()
                .flatMap(coordinator -> coordinator.entries().stream())
                .sorted(Comparator.comparing(TransactionEntry::transactionalId))
                .toList();
    }

    List<TransactionDescription> list() {
        return coordinators.values().stream()
                .flatMap(coordinator -> coordinator.list().stream())
                .sorted(Comparator.comparing(TransactionDescription::transactionalId))
                .toList();
    }
}
