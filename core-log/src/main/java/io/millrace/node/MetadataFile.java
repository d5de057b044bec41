package io.millrace.node;

import io.millrace.client.TopicDescription;
import io.millrace.log.LogStorage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The image on disk, replaced as a whole (S4).
 *
 * <pre>
 * magic (4) "MLMI" | version (4) = 1 | length of body (4) | CRC-32C of body (4)
 * body: leader epoch (4) | next producer id (8) | topic count (4)
 *       per topic: name (UTF) | id (16) | partitions (4) | internal (1) | config count (4), then key and value (UTF) each
 * </pre>
 */
final class MetadataFile {

    static final String FILE = "millrace.metadata";

    private static final int MAGIC = 0x4d4c4d49;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 16;

    private MetadataFile() {}

    static void write(LogStorage storage, MetadataImage image) {
        storage.replace(FILE, encode(image));
    }

    /** Empty if the file is missing or damaged; {@link DirectoryScan} then says what can be known without it. */
    static Optional<MetadataImage> read(LogStorage storage) {
        return storage.exists(FILE) ? decode(storage.readAll(FILE)) : Optional.empty();
    }

    static byte[] encode(MetadataImage image) {
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(body);
            out.writeInt(image.leaderEpoch());
            out.writeLong(image.nextProducerId());
            out.writeInt(image.topics().size());
            for (TopicDescription topic : image.topics().values()) {
                out.writeUTF(topic.name());
                out.writeLong(topic.id().getMostSignificantBits());
                out.writeLong(topic.id().getLeastSignificantBits());
                out.writeInt(topic.partitionCount());
                out.writeBoolean(topic.internal());
                out.writeInt(topic.configs().size());
                for (Map.Entry<String, String> config : new TreeMap<>(topic.configs()).entrySet()) {
                    out.writeUTF(config.getKey());
                    out.writeUTF(config.getValue());
                }
            }
            byte[] bytes = body.toByteArray();
            return ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                    .putInt(MAGIC)
                    .putInt(VERSION)
                    .putInt(bytes.length)
                    .putInt(crcOf(bytes))
                    .put(bytes)
                    .array();
        } catch (IOException e) {
            throw new UncheckedIOException("a topic's name or configuration is too long to be written", e);
        }
    }

    static Optional<MetadataImage> decode(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file);
        if (file.length < HEADER_BYTES
                || buffer.getInt() != MAGIC
                || buffer.getInt() != VERSION
                || buffer.getInt() != file.length - HEADER_BYTES) {
            return Optional.empty();
        }
        int crc = buffer.getInt();
        byte[] body = new byte[buffer.remaining()];
        buffer.get(body);
        if (crc != crcOf(body)) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            int leaderEpoch = in.readInt();
            long nextProducerId = in.readLong();
            Map<String, TopicDescription> topics = new HashMap<>();
            for (int i = in.readInt(); i > 0; i--) {
                TopicDescription topic = readTopic(in);
                topics.put(topic.name(), topic);
            }
            return Optional.of(new MetadataImage(leaderEpoch, nextProducerId, topics));
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " has a valid checksum but ends too early", e);
        }
    }

    private static TopicDescription readTopic(DataInputStream in) throws IOException {
        String name = in.readUTF();
        UUID id = new UUID(in.readLong(), in.readLong());
        int partitionCount = in.readInt();
        boolean internal = in.readBoolean();
        Map<String, String> configs = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            configs.put(in.readUTF(), in.readUTF());
        }
        return new TopicDescription(name, id, partitionCount, configs, internal);
    }

    private static int crcOf(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
