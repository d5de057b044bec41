package io.millrace.streams.runtime;

import io.millrace.client.TopicPartition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a shard commits beside its stores, as one record, the last of each epoch in its changelog partition.
 *
 * <pre>
 *   version (1) = 2 | epoch (8)
 *   count (4) | { node id | stream time (8) | largest timestamp (8) }
 *   count (4) | { topic | partition (4) | offset (8) | topic id (16), 0 if unknown }
 *   count (4) | { source/split | count (4) | { name | value } }          strings: modified UTF-8 with length (2)
 * </pre>
 *
 * Version 1 has no topic ids. All lists are in order of their first field, so that the same state has the same bytes.
 *
 * @param epoch that wrote it
 * @param times stream time by node id
 * @param positions of the shard's inputs
 */
record MetaRecord(long epoch, Map<String, NodeTime> times, InputPositions positions) {

    private static final byte VERSION = 2;
    private static final byte WITHOUT_TOPIC_IDS = 1;
    private static final UUID UNKNOWN = new UUID(0, 0);

    /** Stream time (ms) and the largest timestamp (ms) received, of one operator. */
    record NodeTime(long nowMs, long largestMs) {}

    MetaRecord {
        times = Map.copyOf(times);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(epoch);
            out.writeInt(times.size());
            for (Map.Entry<String, NodeTime> time : new TreeMap<>(times).entrySet()) {
                out.writeUTF(time.getKey());
                out.writeLong(time.getValue().nowMs());
                out.writeLong(time.getValue().largestMs());
            }
            out.writeInt(positions.topics().size());
            for (Map.Entry<TopicPartition, TopicPosition> position : new TreeMap<>(positions.topics()).entrySet()) {
                out.writeUTF(position.getKey().topic());
                out.writeInt(position.getKey().partition());
                UUID topicId = Objects.requireNonNullElse(position.getValue().topicId(), UNKNOWN);
                out.writeLong(position.getValue().offset());
                out.writeLong(topicId.getMostSignificantBits());
                out.writeLong(topicId.getLeastSignificantBits());
            }
            out.writeInt(positions.foreign().size());
            for (Map.Entry<String, Map<String, String>> split : new TreeMap<>(positions.foreign()).entrySet()) {
                out.writeUTF(split.getKey());
                out.writeInt(split.getValue().size());
                for (Map.Entry<String, String> part : new TreeMap<>(split.getValue()).entrySet()) {
                    out.writeUTF(part.getKey());
                    out.writeUTF(part.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a meta record cannot be written", e);
        }
        return bytes.toByteArray();
    }

    static MetaRecord decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte version = in.readByte();
            if (version != VERSION && version != WITHOUT_TOPIC_IDS) {
                throw new IllegalStateException("meta record of version " + version + ", only versions up to " + VERSION
                        + " are known; was the job run by a newer Millrace?");
            }
            long epoch = in.readLong();
            Map<String, NodeTime> times = new HashMap<>();
            for (int i = in.readInt(); i > 0; i--) {
                times.put(in.readUTF(), new NodeTime(in.readLong(), in.readLong()));
            }
            Map<TopicPartition, TopicPosition> topics = new HashMap<>();
            for (int i = in.readInt(); i > 0; i--) {
                TopicPartition partition = new TopicPartition(in.readUTF(), in.readInt());
                long offset = in.readLong();
                topics.put(partition, new TopicPosition(version == WITHOUT_TOPIC_IDS ? null : topicId(in), offset));
            }
            Map<String, Map<String, String>> foreign = new HashMap<>();
            for (int i = in.readInt(); i > 0; i--) {
                String split = in.readUTF();
                Map<String, String> position = new HashMap<>();
                for (int j = in.readInt(); j > 0; j--) {
                    position.put(in.readUTF(), in.readUTF());
                }
                foreign.put(split, position);
            }
            return new MetaRecord(epoch, times, new InputPositions(topics, foreign));
        } catch (IOException e) {
            throw new UncheckedIOException("a meta record of " + bytes.length + " bytes cannot be read", e);
        }
    }

    private static @Nullable UUID topicId(DataInputStream in) throws IOException {
        UUID read = new UUID(in.readLong(), in.readLong());
        return read.equals(UNKNOWN) ? null : read;
    }
}
