package io.millrace.streams.runtime;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.GroupClaim;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.LogEnds;
import io.millrace.client.LogException;
import io.millrace.client.OffsetQuery;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts a job back, state included: what it does at its next start is as if it had never read further. Stepped by the owner of
 * the client, which it does not close. Refused while the job runs.
 *
 * <p>Order: the group is claimed, so that no job can start meanwhile; the job's producer is opened, so that its last
 * transaction is complete; the new positions are committed with a note; then changelog and catalog are deleted. After a crash
 * in between the job refuses to start, as positions and state do not agree, until the reset has been done again.
 */
public final class JobReset {

    /** Where to. */
    public sealed interface Target {

        /** The first record that is there. */
        record ToStart() implements Target {}

        /** These offsets; partitions that are not named go to their first record. */
        record ToOffsets(Map<TopicPartition, Long> offsets) implements Target {
            public ToOffsets {
                offsets = Map.copyOf(offsets);
            }
        }

        /** The first record whose timestamp is this (ms since 1970) or later, in each partition; its end if there is none. */
        record ToTime(long timestampMs) implements Target {}
    }

    private final LogClient client;
    private final String job;
    private final Target target;
    private final RequestChain requests = new RequestChain();
    private final Map<TopicPartition, CommittedOffset> positions = new TreeMap<>();
    private final List<String> deleted = new ArrayList<>();
    private @Nullable GroupClaim claim;
    private @Nullable Producer producer;

    public JobReset(LogClient client, String job, Target target) {
        this.client = client;
        this.job = job;
        this.target = target;
        requests.ask(() -> client.claimGroup(job), claimed -> claim = claimed);
        requests.then(this::finishLastTransaction);
        requests.ask(
                () -> client.committedOffsets(job),
                committed -> committed.keySet().forEach(this::find));
        requests.then(this::commit);
        delete(Prepared.changelogOf(job));
        delete(Catalog.topicOf(job));
        requests.then(this::close);
    }

    private void finishLastTransaction() {
        Producer opened = client.openProducer(ProducerOptions.transactional(job));
        producer = opened;
        requests.ask(opened::ready, identity -> {});
    }

    private void find(TopicPartition partition) {
        if (target instanceof Target.ToOffsets given && given.offsets().containsKey(partition)) {
            long offset = given.offsets().get(partition);
            requireInside(partition, offset);
            position(partition, offset);
        } else if (target instanceof Target.ToTime time) {
            requests.ask(
                    () -> client.findOffset(
                            partition, new OffsetQuery.AtOrAfter(time.timestampMs()), IsolationLevel.READ_COMMITTED),
                    found -> {
                        if (found.offset() >= 0) {
                            position(partition, found.offset());
                        } else {
                            ask(partition, new OffsetQuery.Latest());
                        }
                    },
                    error -> error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        } else {
            ask(partition, new OffsetQuery.Earliest());
        }
    }

    private void ask(TopicPartition partition, OffsetQuery query) {
        requests.ask(
                () -> client.findOffset(partition, query, IsolationLevel.READ_COMMITTED),
                found -> position(partition, Math.max(0, found.offset())),
                error -> error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private void requireInside(TopicPartition partition, long offset) {
        try (Subscription subscription = client.openSubscription(IsolationLevel.READ_COMMITTED, 1)) {
            subscription.seek(partition, offset);
            LogEnds ends = subscription.ends(partition);
            if (offset < ends.logStartOffset() || offset > ends.logEndOffset()) {
                throw new LogException(
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        "offset " + offset + " is outside of " + partition + ", which has " + ends.logStartOffset()
                                + " to " + ends.logEndOffset());
            }
        }
    }

    private void position(TopicPartition partition, long offset) {
        positions.put(partition, new CommittedOffset(offset, -1, StartPositions.RESET_NOTE));
    }

    private void commit() {
        if (!positions.isEmpty()) {
            requests.ask(() -> client.commitOffsets(job, positions), done -> {});
        }
    }

    private void delete(String topic) {
        requests.ask(
                () -> client.deleteTopic(topic),
                done -> deleted.add(topic),
                error -> error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    /**
     * Goes on. Returns units of work done.
     *
     * @throws LogException if it is refused; NON_EMPTY_GROUP while the job runs. {@link #close} then
     */
    public int step() {
        return requests.step();
    }

    public boolean isDone() {
        return requests.isDone();
    }

    /** Where the job will begin, by partition. Only when {@link #isDone}. */
    public Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> found = new TreeMap<>();
        positions.forEach((partition, position) -> found.put(partition, position.offset()));
        return found;
    }

    /** The topics of state that were deleted. Only when {@link #isDone}. */
    public List<String> deletedTopics() {
        return List.copyOf(deleted);
    }

    /** Lets the group and the producer go. */
    public void close() {
        if (producer != null) {
            producer.close();
            producer = null;
        }
        if (claim != null) {
            claim.close();
            claim = null;
        }
    }
}
