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
import io.millrace.client.Transaction;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts a job back, state included: what it does at its next start is as if it had never read further. Stepped by the owner of
 * the client, which it does not close. Refused while the job runs.
 *
 * <p>Foreign sources can stay where they are: what a job has loaded into topics is not loaded twice.
 *
 * <p>Order: the group is claimed, so that no job can start meanwhile; the job's producer is opened, so that its last
 * transaction is complete; the new positions are committed with a note, and in the same transaction where the sources stay;
 * then the changelog is deleted, then what the catalog says of the plan. After a crash in between the job refuses to start, as
 * positions and state do not agree, until the reset has been done again; the sources are not forgotten meanwhile.
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

    /** What becomes of the positions in foreign sources. */
    public enum Sources {
        /** They go on behind what was read. */
        STAY,
        /** They are read again from their start. */
        AGAIN
    }

    private static final int ENTRY_BYTES_MAX = 1 << 20;

    private final LogClient client;
    private final String job;
    private final Target target;
    private final RequestChain requests = new RequestChain();
    private final Map<TopicPartition, CommittedOffset> positions = new TreeMap<>();

    /** Partitions that are not there any more: the group forgets them, so that a topic of that name is read as any other. */
    private final Set<TopicPartition> gone = new TreeSet<>();

    private final Map<String, Map<String, String>> left = new TreeMap<>();
    private @Nullable GroupClaim claim;
    private @Nullable Producer producer;

    public JobReset(LogClient client, String job, Target target, Sources sources) {
        this.client = client;
        this.job = job;
        this.target = target;
        requests.ask(() -> client.claimGroup(job), claimed -> claim = claimed);
        requests.then(this::finishLastTransaction);
        requests.ask(() -> client.committedOffsets(job), committed -> {
            gone.addAll(committed.keySet());
            committed.keySet().forEach(this::find);
        });
        if (sources == Sources.STAY) {
            SourcePositions reading = new SourcePositions(client, job);
            requests.until(() -> reading.step() >= 0 && reading.isDone());
            requests.then(() -> {
                left.putAll(reading.found());
                reading.close();
            });
        }
        requests.then(this::commit);
        delete(Prepared.changelogOf(job));
        requests.then(() -> {
            if (left.isEmpty()) {
                delete(Catalog.topicOf(job));
            } else {
                inTransaction(Catalog.PLAN, null, Map.of());
            }
        });
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
        gone.remove(partition);
        positions.put(partition, new CommittedOffset(offset, -1, StartPositions.RESET_NOTE));
    }

    private void commit() {
        if (!gone.isEmpty()) {
            requests.ask(() -> client.deleteOffsets(job, List.copyOf(gone)), done -> {});
        }
        if (!left.isEmpty()) {
            MetaRecord sources = new MetaRecord(0, Map.of(), new InputPositions(Map.of(), left));
            inTransaction(Catalog.SOURCES, sources.encode(), positions);
        } else if (!positions.isEmpty()) {
            requests.ask(() -> client.commitOffsets(job, positions), done -> {});
        }
    }

    /** Writes an entry of the catalog, null to remove it, together with positions. */
    private void inTransaction(String entry, byte @Nullable [] value, Map<TopicPartition, CommittedOffset> offsets) {
        Transaction transaction = Objects.requireNonNull(producer).begin();
        RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, ENTRY_BYTES_MAX);
        if (!batch.append(0, entry.getBytes(StandardCharsets.UTF_8), value, Header.NONE)) {
            throw new IllegalStateException("the positions of the sources of " + job + " exceed " + ENTRY_BYTES_MAX
                    + " bytes; reset with the sources read again");
        }
        requests.ask(() -> transaction.append(new TopicPartition(Catalog.topicOf(job), 0), batch), appended -> {});
        if (!offsets.isEmpty()) {
            requests.ask(() -> transaction.commitOffsets(job, offsets), done -> {});
        }
        requests.ask(transaction::commit, done -> {});
        requests.ask(transaction::completed, done -> {});
    }

    private void delete(String topic) {
        requests.ask(
                () -> client.deleteTopic(topic), done -> {}, error -> error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
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
