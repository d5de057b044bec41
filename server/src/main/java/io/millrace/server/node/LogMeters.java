package io.millrace.server.node;

import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupState;
import io.millrace.coordinator.ListedGroup;
import io.millrace.coordinator.TransactionEntry;
import io.millrace.coordinator.TransactionPhase;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.log.LogView;
import io.millrace.node.LogNode;
import io.millrace.node.NodeDoor;
import io.millrace.node.NodeMetrics;
import io.millrace.node.PartitionHandle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a log holds and has done, and what its coordinators know. Labels are states and protocols alone, whose words are fixed.
 * Belongs to the thread that scrapes, which opens it and closes it.
 */
final class LogMeters implements AutoCloseable {

    /** What the coordinators do not say in time is left out of this scrape. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

    private static final double NS_PER_SECOND = 1e9;

    private final LogNode log;
    private final Waiter waiter = new Waiter();
    private final NodeDoor door;

    LogMeters(LogNode log) {
        this.log = log;
        this.door = log.newDoor(waiter);
    }

    void addTo(Snapshots to) {
        done(to, log.metrics());
        held(to);
        to.gauge(
                "millrace_partitions_troubled",
                "Partitions whose retention or compaction fails",
                log.troubles().size());
        to.gauge(
                "millrace_disk_short",
                "1 if records are refused for want of disk",
                log.shortage().isPresent() ? 1 : 0);
        coordinators(to);
    }

    private static void done(Snapshots to, NodeMetrics done) {
        to.counter("millrace_log_batches", "Batches appended, those of coordinators included", done.batches());
        to.counter("millrace_log_records", "Records in these batches", done.records());
        to.counter("millrace_log_bytes", "Bytes of these batches", done.bytes());
        to.counter("millrace_log_writes", "Writes to segment files", done.writes());
        to.counter("millrace_log_syncs", "Syncs of partitions", done.syncs());
        to.counter("millrace_log_sync_rounds", "Waits for the disk", done.syncRounds());
        to.counter(
                "millrace_log_sync_seconds",
                "How long answers have waited for the disk",
                done.syncNs() / NS_PER_SECOND);
        to.gauge("millrace_log_queued", "Work between its arrival and its answer", done.queued());
        to.gauge("millrace_log_queued_max", "How much there may be", done.queuedMax());
        to.counter("millrace_transactions_committed", "Transactions decided to commit", done.commits());
        to.counter("millrace_transactions_aborted", "Transactions decided to abort", done.aborts());
    }

    private void held(Snapshots to) {
        long topics = 0;
        long partitions = 0;
        long open = 0;
        long segments = 0;
        long bytes = 0;
        long unsynced = 0;
        for (TopicDescription topic : door.topics().all()) {
            topics++;
            partitions += topic.partitionCount();
            for (int i = 0; i < topic.partitionCount(); i++) {
                PartitionHandle handle = door.partition(new TopicPartition(topic.name(), i));
                LogView view = handle == null ? null : handle.view().orElse(null);
                if (view != null) {
                    open++;
                    segments += view.segmentCount();
                    bytes += view.sizeInBytes();
                    unsynced += Math.max(0, view.logEndOffset() - view.flushedEnd());
                }
            }
        }
        to.gauge("millrace_topics", "Topics, internal ones included", topics);
        to.gauge("millrace_partitions", "Their partitions", partitions);
        to.gauge("millrace_partitions_open", "Partitions that were ever written", open);
        to.gauge("millrace_log_segments", "Segments of all partitions", segments);
        to.gauge("millrace_log_size_bytes", "Bytes of all segments", bytes);
        to.gauge("millrace_log_unsynced_records", "Offsets that a power cut could take", unsynced);
    }

    private void coordinators(Snapshots to) {
        var groups = door.listGroups(Set.of(), Set.of());
        var transactions = door.transactions().list();
        try {
            boolean answered = waiter.await(
                    () -> {
                        door.flush();
                        return groups.isDone() && transactions.isDone();
                    },
                    ANSWER_MAX,
                    SystemClock.INSTANCE);
            if (answered && !groups.isFailed() && !transactions.isFailed()) {
                groups(to, groups.value());
                transactions(to, transactions.value().entries());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process is ending
        }
    }

    private static void groups(Snapshots to, List<ListedGroup> groups) {
        Map<String, Map<GroupState, Long>> counts = new TreeMap<>();
        for (ListedGroup group : groups) {
            counts.computeIfAbsent(group.type(), type -> new TreeMap<>()).merge(group.state(), 1L, Long::sum);
        }
        for (String type : List.of(ListedGroup.CLASSIC, ListedGroup.CONSUMER)) {
            for (GroupState state : GroupState.values()) {
                to.gauge(
                        "millrace_groups",
                        "Groups by the protocol of their members and their state",
                        counts.getOrDefault(type, Map.of()).getOrDefault(state, 0L),
                        "protocol",
                        type,
                        "state",
                        state.word());
            }
        }
    }

    private static void transactions(Snapshots to, List<TransactionEntry> entries) {
        Map<TransactionPhase, Long> counts =
                entries.stream().collect(Collectors.groupingBy(TransactionEntry::phase, Collectors.counting()));
        for (TransactionPhase state : TransactionPhase.values()) {
            to.gauge(
                    "millrace_transactions",
                    "Transactional ids by the state of their last transaction",
                    counts.getOrDefault(state, 0L),
                    "state",
                    state.title());
        }
    }

    @Override
    public void close() {
        door.close();
    }
}
