package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.log.LogStorage;
import io.millrace.log.NearestName;
import io.millrace.log.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The metadata image that counts, and its file. Owned by the log agent; {@link #settings} is for any thread. */
final class Metadata {

    /** As in Kafka, of one configuration value. */
    private static final int VALUE_BYTES_MAX = Short.MAX_VALUE;

    /** Of a group, a client or whatever else has settings, and of a key; as long as any name that comes over a wire. */
    static final int NAME_BYTES_MAX = Short.MAX_VALUE;

    private final LogStorage storage;
    private MetadataImage image;
    private volatile SettingsImage settings;
    private long changes;

    Metadata(LogStorage storage, MetadataImage image) {
        this.storage = storage;
        this.image = image;
        this.settings = image.settings();
    }

    MetadataImage image() {
        return image;
    }

    /** How often {@link #change} was called. */
    long changes() {
        return changes;
    }

    /** Any thread: what clients have set. */
    SettingsImage settings() {
        return settings;
    }

    /**
     * Makes an image durable; then it counts.
     *
     * @throws LogException if the disk refuses it; then nothing has changed
     */
    void change(MetadataImage next) {
        changes++;
        try {
            MetadataFile.write(storage, next);
        } catch (StorageException e) {
            throw new LogException(e.error(), String.valueOf(e.getMessage()));
        }
        image = next;
        settings = next.settings();
    }

    /** @throws LogException INVALID_REQUEST if the name of what has settings is too long to be kept */
    static void requireShort(SettingsScope scope) {
        int bytes = bytes(scope.name());
        if (bytes > NAME_BYTES_MAX) {
            throw new LogException(
                    ErrorCode.INVALID_REQUEST,
                    "the name '" + NearestName.shown(scope.name()) + "' has " + bytes
                            + " bytes as it is kept, more than " + NAME_BYTES_MAX);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** What a change makes of these settings; a change that fails in another way than by refusing is refused. */
    static Map<String, String> apply(SettingsChange change, Map<String, String> before) {
        Map<String, String> after;
        try {
            after = Map.copyOf(change.apply(before));
        } catch (LogException refused) {
            throw refused;
        } catch (RuntimeException e) {
            throw new LogException(ErrorCode.UNKNOWN_SERVER_ERROR, "the change failed: " + e);
        }
        after.forEach((key, value) -> {
            if (bytes(key) > NAME_BYTES_MAX) {
                throw new LogException(
                        ErrorCode.INVALID_REQUEST,
                        "the key '" + NearestName.shown(key) + "' is longer than " + NAME_BYTES_MAX + " bytes");
            }
            if (bytes(value) > VALUE_BYTES_MAX) {
                throw new LogException(
                        ErrorCode.INVALID_CONFIG,
                        "the value of " + NearestName.shown(key) + " is longer than " + VALUE_BYTES_MAX + " bytes");
            }
        });
        return after;
    }
}
