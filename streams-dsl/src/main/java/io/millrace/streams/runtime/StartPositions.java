package io.millrace.streams.runtime;

import io.millrace.client.CommittedOffset;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.OffsetQuery;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.streams.OffsetReset;
import io.millrace.streams.topology.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds where each input begins, and checks that the two places that record it agree: the group's offsets and the meta record
 * of the shard. They were written by the same transactions, so a difference means that somebody changed one of them.
 */
final class StartPositions {

    /** Metadata of an offset that `millrace job reset` has set: there is no state to agree with. */
    static final String RESET_NOTE = "millrace.reset";

    private final String job;
    private final Prepared prepared;
    private final LogClient client;
    private final Map<Integer, MetaRecord> metas;
    private final Map<String, Map<String, String>> leftAt;
    private final Set<String> addedStores;
    private final RequestChain requests = new RequestChain();
    private final Map<TopicPartition, Long> offsets = new HashMap<>();
    private boolean beginsAnew;

    /**
     * @param leftAt where a reset has left foreign sources
     * @param addedStores that begin empty although the job has run before
     */
    StartPositions(
            String job,
            Prepared prepared,
            LogClient client,
            Map<Integer, MetaRecord> metas,
            Map<String, Map<String, String>> leftAt,
            Set<String> addedStores) {
        this.leftAt = leftAt;
        this.job = job;
        this.prepared = prepared;
        this.client = client;
        this.metas = metas;
        this.addedStores = addedStores;
        for (TaskInput input : prepared.inputs()) {
            if (input.topic() != null) {
                find(input, new TopicPartition(Objects.requireNonNull(input.topic()), input.partition()));
            }
        }
    }

    private void find(TaskInput input, TopicPartition partition) {
        CommittedOffset committed = prepared.offsets().get(partition);
        MetaRecord meta = metas.get(input.shard());
        TopicPosition inState = meta == null ? null : meta.positions().topics().get(partition);
        requireSameTopic(partition, committed, inState);
        if (prepared.changelog() != null) {
            requireAgreement(partition, committed, inState == null ? null : inState.offset());
        }
        if (committed != null) {
            requireRows(input, partition, committed);
            offsets.put(partition, committed.offset());
            return;
        }
        beginsAnew = true;
        OffsetReset reset =
                input.source().operation() instanceof Operation.ReadTopic read ? read.reset() : OffsetReset.EARLIEST;
        if (reset == OffsetReset.NONE) {
            throw JobFault.finalOne(
                    "job " + job + " has no committed position in " + partition + ", and the reset policy of "
                            + input.source().id() + " is none. Set a position with `millrace job reset`.");
        }
        OffsetQuery query = reset == OffsetReset.EARLIEST ? new OffsetQuery.Earliest() : new OffsetQuery.Latest();
        requests.ask(
                () -> client.findOffset(partition, query, IsolationLevel.READ_COMMITTED),
                found -> offsets.put(partition, Math.max(0, found.offset())));
    }

    /** Before anything else is judged: positions in a topic that is gone say nothing of the one that has its name. */
    private void requireSameTopic(
            TopicPartition partition, @Nullable CommittedOffset committed, @Nullable TopicPosition inState) {
        UUID found = Objects.requireNonNull(prepared.inputIds().get(partition.topic()));
        if (committed != null) {
            requireSameTopic(
                    new TopicPosition(TopicPosition.noted(committed.metadata()), committed.offset()), partition, found);
        }
        if (inState != null) {
            requireSameTopic(inState, partition, found);
        }
    }

    private static void requireSameTopic(TopicPosition read, TopicPartition partition, UUID found) {
        if (read.topicId() != null && !read.topicId().equals(found)) {
            throw PositionLostException.createdAgain(partition, read.offset(), read.topicId(), found);
        }
    }

    /** A table whose rows are looked up from now on must not miss those that were read before. */
    private void requireRows(TaskInput input, TopicPartition partition, CommittedOffset committed) {
        if (committed.offset() > 0
                && !committed.metadata().equals(RESET_NOTE)
                && input.source().operation() instanceof Operation.ReadTable
                && addedStores.contains(input.source().id())) {
            throw JobFault.finalOne("job " + job + " would begin to keep the rows of table "
                    + input.source().id() + " at offset " + committed.offset() + " of " + partition
                    + ", up to which it has read that topic without keeping them: earlier rows would be missing. Put the job"
                    + " back to its start with `millrace job reset`, or run the topology under another name.");
        }
    }

    private void requireAgreement(
            TopicPartition partition, @Nullable CommittedOffset committed, @Nullable Long inState) {
        if (inState == null && committed != null && committed.metadata().equals(RESET_NOTE)) {
            return;
        }
        boolean agree = committed == null ? inState == null : inState != null && inState == committed.offset();
        if (!agree) {
            throw JobFault.finalOne("job " + job + " cannot tell where it stands in " + partition + ": its group says "
                    + (committed == null ? "nothing" : committed.offset()) + ", its state says "
                    + (inState == null ? "nothing" : inState)
                    + ". Both are written together, so one of them was changed or lost. Put the job back, state included, with "
                    + "`millrace job reset`.");
        }
    }

    int step() {
        return requests.step();
    }

    boolean isDone() {
        return requests.isDone();
    }

    /** Whether some input has no committed position: what was chosen instead must be committed soon. */
    boolean beginsAnew() {
        return beginsAnew;
    }

    /** Offsets of the first records to read. Only when {@link #isDone}. */
    Map<TopicPartition, Long> offsets() {
        return offsets;
    }

    /** Offset of the first record to read. Only when {@link #isDone}. */
    long offset(TaskInput input) {
        return Objects.requireNonNull(
                offsets.get(new TopicPartition(Objects.requireNonNull(input.topic()), input.partition())));
    }

    /** Readers find their topics by name, after the positions were found: they must have found the same ones. */
    void requireSameTopics(List<TopicDescription> now) {
        Map<String, UUID> found = new HashMap<>();
        now.forEach(topic -> found.put(topic.name(), topic.id()));
        offsets.forEach((partition, offset) -> {
            UUID foundId = found.get(partition.topic());
            if (foundId == null) {
                throw PositionLostException.deleted(partition, offset);
            }
            requireSameTopic(new TopicPosition(prepared.inputIds().get(partition.topic()), offset), partition, foundId);
        });
    }

    /** Whether the group has the position, and knows of which topic it is; if not, the next commit says it. */
    boolean isCommitted(TaskInput input) {
        CommittedOffset committed =
                prepared.offsets().get(new TopicPartition(Objects.requireNonNull(input.topic()), input.partition()));
        return committed != null && TopicPosition.noted(committed.metadata()) != null;
    }

    /** Whether the job writes the topic it reads here. */
    boolean isOwnOutput(TaskInput input) {
        return prepared.plan().fragments().stream()
                .flatMap(fragment -> fragment.nodes().stream())
                .anyMatch(node -> node.operation() instanceof Operation.WriteTopic write
                        && input.topic() != null
                        && input.topic().equals(write.topic()));
    }

    /** Position of a foreign split, empty for its start. */
    Map<String, String> foreign(TaskInput input) {
        MetaRecord meta = metas.get(input.shard());
        String name = ForeignInput.positionName(input);
        Map<String, String> left = leftAt.getOrDefault(name, Map.of());
        return meta == null ? left : meta.positions().foreign().getOrDefault(name, left);
    }

    List<TaskInput> inputs() {
        return prepared.inputs();
    }
}
