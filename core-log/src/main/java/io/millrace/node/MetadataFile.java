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
 * magic (4) "MLMI" | version (4) = 2 | length of body (4) | CRC-32C of body (4)
 * body: leader epoch (4) | next producer id (8) | topic count (4)
 *       per topic: name (UTF) | id (16) | partitions (4) | internal (1) | config count (4), then key and value (UTF) each
 *       from version 2 on: count of settings (4)
 *       per settings: kind (1) | name (UTF) | count (4), then key and value (UTF) each
 * </pre>
 */
final class MetadataFile {

    static final String FILE = "millrace.metadata";

    private static final int MAGIC = 0x4d4c4d49;
    private static final int VERSION = 2;
    private static final int FIRST_VERSION = 1;
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
                writePairs(out, topic.configs());
            }
            out.writeInt(image.settings().all().size());
            for (Map.Entry<SettingsScope, Map<String, String>> one :
                    image.settings().all().entrySet()) {
                out.writeByte(one.getKey().kind().code());
                out.writeUTF(one.getKey().name());
                writePairs(out, one.getValue());
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

    private static void writePairs(DataOutputStream out, Map<String, String> pairs) throws IOException {
        out.writeInt(pairs.size());
        for (Map.Entry<String, String> pair : new TreeMap<>(pairs).entrySet()) {
            out.writeUTF(pair.getKey());
            out.writeUTF(pair.getValue());
        }
    }

    static Optional<MetadataImage> decode(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file);
        if (file.length < HEADER_BYTES || buffer.getInt() != MAGIC) {
            return Optional.empty();
        }
        int version = buffer.getInt();
        if (version < FIRST_VERSION || version > VERSION || buffer.getInt() != file.length - HEADER_BYTES) {
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
            SettingsImage settings = version == FIRST_VERSION ? SettingsImage.EMPTY : readSettings(in);
            return Optional.of(new MetadataImage(leaderEpoch, nextProducerId, topics, settings));
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " has a valid checksum but ends too early", e);
        }
    }

    private static TopicDescription readTopic(DataInputStream in) throws IOException {
        String name = in.readUTF();
        UUID id = new UUID(in.readLong(), in.readLong());
        int partitionCount = in.readInt();
        boolean internal = in.readBoolean();
        return new TopicDescription(name, id, partitionCount, readPairs(in), internal);
    }

    private static SettingsImage readSettings(DataInputStream in) throws IOException {
        Map<SettingsScope, Map<String, String>> settings = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            SettingsScope.Kind kind = SettingsScope.Kind.of(in.readUnsignedByte());
            settings.put(new SettingsScope(kind, in.readUTF()), readPairs(in));
        }
        return SettingsImage.of(settings);
    }

    private static Map<String, String> readPairs(DataInputStream in) throws IOException {
        Map<String, String> pairs = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            pairs.put(in.readUTF(), in.readUTF());
        }
        return pairs;
    }

    private static int crcOf(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
