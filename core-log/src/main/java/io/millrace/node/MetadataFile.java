package io.millrace.node;

import io.millrace.client.TopicDescription;
import io.millrace.log.LogStorage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 *       per topic: name | id (16) | partitions (4) | internal (1) | config count (4), then key and value each
 *       from version 2 on: count of settings (4)
 *       per settings: kind (1) | name | count (4), then key and value each
 * text: length (4) | UTF-8; in version 1 as {@link DataOutputStream#writeUTF} has it, which is for short ones alone
 * </pre>
 *
 * <p>A file of a later version is not read at all, and not written over either: what it says is in no other place.
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

    /**
     * Empty if the file is missing or damaged; {@link DirectoryScan} then says what can be known without it.
     *
     * @throws IllegalStateException if it is of a version that is not known yet
     */
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
                writeText(out, topic.name());
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
                writeText(out, one.getKey().name());
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
            throw new UncheckedIOException("memory cannot be written to", e);
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void writePairs(DataOutputStream out, Map<String, String> pairs) throws IOException {
        out.writeInt(pairs.size());
        for (Map.Entry<String, String> pair : new TreeMap<>(pairs).entrySet()) {
            writeText(out, pair.getKey());
            writeText(out, pair.getValue());
        }
    }

    /** @throws IllegalStateException if it is of a version that is not known yet */
    static Optional<MetadataImage> decode(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file);
        if (file.length < HEADER_BYTES || buffer.getInt() != MAGIC) {
            return Optional.empty();
        }
        int version = buffer.getInt();
        if (version > VERSION) {
            throw new IllegalStateException(
                    FILE + " has version " + version + " and was written by a newer Millrace; this"
                            + " one knows versions up to " + VERSION + ". Start the newer one on this directory");
        }
        if (version < FIRST_VERSION || buffer.getInt() != file.length - HEADER_BYTES) {
            return Optional.empty();
        }
        int crc = buffer.getInt();
        byte[] body = new byte[buffer.remaining()];
        buffer.get(body);
        if (crc != crcOf(body)) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            Texts texts = version == FIRST_VERSION ? source -> source.readUTF() : MetadataFile::readText;
            int leaderEpoch = in.readInt();
            long nextProducerId = in.readLong();
            Map<String, TopicDescription> topics = new HashMap<>();
            for (int i = in.readInt(); i > 0; i--) {
                TopicDescription topic = readTopic(in, texts);
                topics.put(topic.name(), topic);
            }
            SettingsImage settings = version == FIRST_VERSION ? SettingsImage.EMPTY : readSettings(in, texts);
            return Optional.of(new MetadataImage(leaderEpoch, nextProducerId, topics, settings));
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " has a valid checksum but ends too early", e);
        }
    }

    /** How a version keeps text. */
    private interface Texts {
        String read(DataInputStream in) throws IOException;
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new EOFException("a text of " + length + " bytes, " + in.available() + " are left");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static TopicDescription readTopic(DataInputStream in, Texts texts) throws IOException {
        String name = texts.read(in);
        UUID id = new UUID(in.readLong(), in.readLong());
        int partitionCount = in.readInt();
        boolean internal = in.readBoolean();
        return new TopicDescription(name, id, partitionCount, readPairs(in, texts), internal);
    }

    private static SettingsImage readSettings(DataInputStream in, Texts texts) throws IOException {
        Map<SettingsScope, Map<String, String>> settings = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            SettingsScope.Kind kind = SettingsScope.Kind.of(in.readUnsignedByte());
            settings.put(new SettingsScope(kind, texts.read(in)), readPairs(in, texts));
        }
        return SettingsImage.of(settings);
    }

    private static Map<String, String> readPairs(DataInputStream in, Texts texts) throws IOException {
        Map<String, String> pairs = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            pairs.put(texts.read(in), texts.read(in));
        }
        return pairs;
    }

    private static int crcOf(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
