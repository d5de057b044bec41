package io.millrace.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** Topic ids as text, and the {@code partition.metadata} file that names a partition directory's topic. Stateless. */
public final class TopicIds {
    private static final String FILE = "partition.metadata";
    private static final String VERSION_LINE = "version: 0";
    private static final String ID_LINE = "topic_id: ";

    private TopicIds() {}

    /** As Kafka's {@code Uuid.toString}: 22 characters of URL-safe base 64. */
    public static String toText(UUID topicId) {
        ByteBuffer bytes = ByteBuffer.allocate(16)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** @throws IllegalArgumentException if it is not the text of an id */
    public static UUID fromText(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != 16) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a topic id: it has " + bytes.length + " bytes, not 16");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** Names the topic of a partition directory; durable when this returns. */
    public static void write(LogStorage storage, String directory, UUID topicId) {
        storage.replace(directory + "/" + FILE, content(topicId));
    }

    /** Names the topic of a new partition directory; durable with the first sync of its log. */
    static void begin(LogStorage storage, String directory, UUID topicId, SyncLedger ledger) {
        if (storage.exists(directory + "/" + FILE)) {
            write(storage, directory, topicId);
        } else {
            ledger.begin(directory, FILE, content(topicId));
        }
    }

    private static byte[] content(UUID topicId) {
        return (VERSION_LINE + "\n" + ID_LINE + toText(topicId)).getBytes(StandardCharsets.UTF_8);
    }

    /** The topic id in a partition directory; empty if none is there or it cannot be read. */
    public static Optional<UUID> read(LogStorage storage, String directory) {
        String path = directory + "/" + FILE;
        if (storage.exists(path)) {
            for (String line : new String(storage.readAll(path), StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.startsWith(ID_LINE)) {
                    return parse(line.substring(ID_LINE.length()).strip());
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<UUID> parse(String text) {
        try {
            return Optional.of(fromText(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
