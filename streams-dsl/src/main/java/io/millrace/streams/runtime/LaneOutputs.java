package io.millrace.streams.runtime;

import io.millrace.record.Header;
import io.millrace.streams.topology.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Every topic one lane writes to. Owned by the lane.
 *
 * <p>A topic that a sink chooses at run time is not known at once: its records wait here, encoded and in order, until the I/O
 * agent has found or created it. The epoch does not end before.
 */
final class LaneOutputs {

    /** A record of a topic that is not known yet. */
    private record Waiting(
            RecordRoute route, byte @Nullable [] key, byte @Nullable [] value, long timestampMs, Header[] headers) {}

    /** Chooses the partition once their number is known. */
    @FunctionalInterface
    interface RecordRoute {
        int partition(int partitionCount) throws Exception;
    }

    private final Map<String, TopicWriter> writers = new TreeMap<>();
    private final Map<String, ArrayDeque<Waiting>> unknown = new HashMap<>();
    private final BatchPool pool;
    private final int batchBytes;
    private final BiConsumer<String, Operation.WriteTopic> wanted;
    private @Nullable TopicWriter changelog;
    private List<OutputBatch> full = new ArrayList<>();
    private long epoch = 1;
    private long recordCount;

    /** @param wanted is told of a topic that must be found or created */
    LaneOutputs(BatchPool pool, int batchBytes, BiConsumer<String, Operation.WriteTopic> wanted) {
        this.pool = pool;
        this.batchBytes = batchBytes;
        this.wanted = wanted;
    }

    void add(OutputTopic topic) {
        writers.put(topic.name(), new TopicWriter(topic, pool, batchBytes, false));
    }

    void changelog(OutputTopic topic) {
        changelog = new TopicWriter(topic, pool, batchBytes, true);
    }

    /** From now on full batches go to this list. */
    void into(List<OutputBatch> outputs) {
        full = outputs;
    }

    @Nullable
    TopicWriter writer(String topic) {
        return writers.get(topic);
    }

    void write(
            TopicWriter writer,
            int partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            long timestampMs,
            Header[] headers)
            throws Exception {
        writer.write(partition, key, value, timestampMs, headers, epoch, full);
        recordCount++;
    }

    /** Writes to a topic that may not be known yet. */
    void write(
            String topic,
            Operation.@Nullable WriteTopic sink,
            RecordRoute route,
            byte @Nullable [] key,
            byte @Nullable [] value,
            long timestampMs,
            Header[] headers)
            throws Exception {
        TopicWriter writer = writers.get(topic);
        if (writer != null) {
            write(writer, route.partition(writer.partitionCount()), key, value, timestampMs, headers);
            return;
        }
        ArrayDeque<Waiting> waiting = unknown.get(topic);
        if (waiting == null) {
            waiting = new ArrayDeque<>();
            unknown.put(topic, waiting);
            wanted.accept(
                    topic,
                    sink != null
                            ? sink
                            : new Operation.WriteTopic(
                                    topic,
                                    null,
                                    io.millrace.streams.codec.Codecs.bytes(),
                                    io.millrace.streams.codec.Codecs.bytes(),
                                    null,
                                    0,
                                    Map.of()));
        }
        waiting.addLast(new Waiting(route, key, value, timestampMs, headers));
    }

    /** A topic that was wanted is known. */
    void found(OutputTopic topic) throws Exception {
        if (!writers.containsKey(topic.name())) {
            add(topic);
        }
        ArrayDeque<Waiting> waiting = unknown.remove(topic.name());
        TopicWriter writer = writers.get(topic.name());
        if (waiting == null || writer == null) {
            return;
        }
        for (Waiting record : waiting) {
            write(
                    writer,
                    record.route().partition(writer.partitionCount()),
                    record.key(),
                    record.value(),
                    record.timestampMs(),
                    record.headers());
        }
    }

    boolean isWaitingForTopics() {
        return !unknown.isEmpty();
    }

    void writeChangelog(int shard, byte[] key, byte @Nullable [] value, long timestampMs) throws Exception {
        if (changelog == null) {
            throw new IllegalStateException("the job has no changelog, but shard " + shard + " has changes");
        }
        changelog.write(shard, key, value, timestampMs, Header.NONE, epoch, full);
    }

    /** Hands over all that has been begun: the epoch ends. The changelog comes last. */
    void endEpoch() {
        for (TopicWriter writer : writers.values()) {
            writer.flush(epoch, full);
        }
        if (changelog != null) {
            changelog.flush(epoch, full);
        }
        epoch++;
    }

    /** Records written so far, changelog not counted. */
    long recordCount() {
        return recordCount;
    }
}
