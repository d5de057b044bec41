package io.millrace.streams.runtime;

import io.millrace.record.Header;
import io.millrace.streams.KeyValueFunction;
import io.millrace.streams.Partitioner;
import io.millrace.streams.codec.Codec;
import io.millrace.streams.codec.KeyPartitioner;
import io.millrace.streams.operator.Receiver;
import io.millrace.streams.operator.RecordContext;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of one task out to a topic. Records are encoded here and now: a user's object may be changed by the next record, so
 * it must not wait in a column. What is left for the encode stage is to compress and hand over whole batches.
 *
 * <p>Owned by the lane.
 */
final class SinkReceiver implements Receiver {

    private final Node node;
    private final Operation.WriteTopic sink;
    private final Codec<Object> keys;
    private final Codec<Object> values;
    private final @Nullable Partitioner<Object, Object> partitioner;
    private final LaneOutputs outputs;
    private final LaneContext task;
    private @Nullable TopicWriter fixed;

    @SuppressWarnings("unchecked")
    SinkReceiver(Node node, LaneOutputs outputs, LaneContext task) {
        this.node = node;
        this.sink = (Operation.WriteTopic) node.operation();
        this.keys = (Codec<Object>) sink.keys();
        this.values = (Codec<Object>) sink.values();
        this.partitioner = sink.partitioner();
        this.outputs = outputs;
        this.task = task;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        try {
            byte[] keyBytes = key == null ? null : keys.encode(key);
            byte[] valueBytes = value == null ? null : values.encode(value);
            TopicWriter writer = fixed;
            if (writer != null) {
                write(writer, key, value, keyBytes, valueBytes, timestampMs, context);
                return;
            }
            String topic = topicOf(key, value);
            writer = outputs.writer(topic);
            if (sink.topic() != null) {
                fixed = writer;
            }
            if (writer != null) {
                write(writer, key, value, keyBytes, valueBytes, timestampMs, context);
            } else {
                wait(topic, key, value, keyBytes, valueBytes, timestampMs, context.copy());
            }
        } catch (Exception e) {
            task.unwritable(node, e, key, value, timestampMs, context);
        }
    }

    private void write(
            TopicWriter writer,
            @Nullable Object key,
            @Nullable Object value,
            byte @Nullable [] keyBytes,
            byte @Nullable [] valueBytes,
            long timestampMs,
            RecordContext context)
            throws Exception {
        int partition = partition(key, value, keyBytes, writer.partitionCount());
        outputs.write(writer, partition, keyBytes, valueBytes, timestampMs, headers(context));
    }

    /** The topic is not known yet. When it is, the same may happen to the record as to any other. */
    private void wait(
            String topic,
            @Nullable Object key,
            @Nullable Object value,
            byte @Nullable [] keyBytes,
            byte @Nullable [] valueBytes,
            long timestampMs,
            RecordContext kept)
            throws Exception {
        outputs.write(topic, sink, writer -> {
            try {
                write(writer, key, value, keyBytes, valueBytes, timestampMs, kept);
            } catch (Exception e) {
                task.unwritableLater(node, e, keyBytes, valueBytes, timestampMs, kept);
            }
        });
    }

    @SuppressWarnings("NullAway") // a stream may carry null keys and values; the user's function says what it takes
    private String topicOf(@Nullable Object key, @Nullable Object value) throws Exception {
        String topic = sink.topic();
        if (topic != null) {
            return topic;
        }
        KeyValueFunction<Object, Object, String> chooser = sink.chooser();
        String chosen = chooser == null ? null : chooser.apply(key, value);
        if (chosen == null) {
            throw new IllegalStateException("sink " + node.id() + " chose no topic");
        }
        return chosen;
    }

    @SuppressWarnings("NullAway") // as above
    private int partition(@Nullable Object key, @Nullable Object value, byte @Nullable [] keyBytes, int count) {
        if (partitioner != null) {
            int chosen = partitioner.partition(key, value, count);
            if (chosen < 0 || chosen >= count) {
                throw new IllegalArgumentException("the partitioner of " + node.id() + " chose partition " + chosen
                        + ", the topic has 0 to " + (count - 1));
            }
            return chosen;
        }
        return KeyPartitioner.partition(keys, keyBytes, keyBytes == null ? task.nextKeyless() : 0, count);
    }

    private static Header[] headers(RecordContext context) {
        List<Header> headers = context.headers();
        return headers.isEmpty() ? Header.NONE : headers.toArray(Header[]::new);
    }
}
