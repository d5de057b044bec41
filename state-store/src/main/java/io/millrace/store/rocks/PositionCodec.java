package io.millrace.store.rocks;

import io.millrace.store.StateStoreException;
import io.millrace.store.StorePosition;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The position as a value.
 *
 * <pre>
 *   | version (1) = 1 | topic id (16) | changelog offset (8) | leader epoch (4) | epoch (8) |
 * </pre>
 */
final class PositionCodec {

    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 16 + 8 + 4 + 8;

    private PositionCodec() {}

    static byte[] encode(StorePosition position) {
        return ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .putLong(position.changelogTopicId().getMostSignificantBits())
                .putLong(position.changelogTopicId().getLeastSignificantBits())
                .putLong(position.changelogOffset())
                .putInt(position.leaderEpoch())
                .putLong(position.epoch())
                .array();
    }

    static StorePosition decode(byte[] bytes) {
        if (bytes.length != BYTES || bytes[0] != VERSION) {
            throw new StateStoreException("The state's position has " + bytes.length + " bytes and version "
                    + (bytes.length == 0 ? "none" : bytes[0]) + "; this version of Millrace reads " + BYTES
                    + " bytes of version " + VERSION + ". Remove the state directory to have it rebuilt.");
        }
        ByteBuffer from = ByteBuffer.wrap(bytes, 1, BYTES - 1);
        return new StorePosition(
                new UUID(from.getLong(), from.getLong()), from.getLong(), from.getInt(), from.getLong());
    }
}
