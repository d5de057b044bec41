package io.millrace.node;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/** UUIDs as Kafka writes them in its files: 22 characters of URL-safe base 64. */
final class KafkaUuid {

    private static final int BYTES = 16;

    private KafkaUuid() {}

    static String format(UUID id) {
        byte[] bytes = ByteBuffer.allocate(BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @throws IllegalArgumentException if it is none */
    static UUID parse(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("'" + text + "' is no id of " + BYTES + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
