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

    /** A record on its way to a topic that may not be known yet. What it takes along must not be changed by later records. */
    @FunctionalInterface
    interface Addressed {
        /** Writes itself, now or when its topic is known; what it throws fails the lane. */
        void writeTo(TopicWriter writer) throws Exception;
    }

    private final Map<String, TopicWriter> writers = new TreeMap<>();
    private final Map<String, ArrayDeque<Addressed>> unknown = new HashMap<>();
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

    /**
     * Writes to a topic that may not be known yet.
     *
     * @param sink that chose it; null for a topic of records that are set aside
     */
    void write(String topic, Operation.@Nullable WriteTopic sink, Addressed record) throws Exception {
        TopicWriter writer = writers.get(topic);
        if (writer != null) {
            record.writeTo(writer);
            return;
        }
        ArrayDeque<Addressed> waiting = unknown.get(topic);
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
        waiting.addLast(record);
    }

    /** A topic that was wanted is known. */
    void found(OutputTopic topic) throws Exception {
        if (!writers.containsKey(topic.name())) {
            add(topic);
        }
        ArrayDeque<Addressed> waiting = unknown.remove(topic.name());
        TopicWriter writer = writers.get(topic.name());
        if (waiting == null || writer == null) {
            return;
        }
        for (Addressed record : waiting) {
            record.writeTo(writer);
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
