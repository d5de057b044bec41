package io.millrace.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Port to the store below the heap: an ordered map of bytes that only ever holds committed versions.
 *
 * <p>Written by one thread (the {@code store} agent), read by the shard's owner and by queries through {@link #snapshot}.
 * After a crash it holds exactly the batches up to some earlier {@link #write}, never part of one.
 *
 * <p>Any call may throw {@link StateStoreException}, a {@link DamagedStoreException} if a checksum has failed.
 */
public interface BackingStore extends AutoCloseable {

    /** One change; a null value removes the key. */
    record Change(byte[] key, byte @Nullable [] value) {}

    /** Applies the changes and, if there is one, the position, in one atomic batch. Durable only after a later {@link #flush}. */
    void write(List<Change> changes, @Nullable StorePosition position);

    byte @Nullable [] get(byte[] key);

    /** Entries from {@code from} (inclusive) to {@code to} (exclusive, null for the end), in unsigned byte order. Close it. */
    Cursor range(byte[] from, byte @Nullable [] to);

    /** A consistent view of now, readable from any one thread. Close it. */
    Snapshot snapshot();

    /**
     * The position written last, null in an empty store. A store that is opened with data but without a position is emptied:
     * its changelog is replayed from the start, and what that no longer mentions must not be found here.
     */
    @Nullable
    StorePosition position();

    /** The position that would be found after a crash now, or an earlier one; null if none. Any thread. */
    @Nullable
    StorePosition durablePosition();

    /**
     * What is damaged in it, null if nothing is known to be: a checksum has failed, here or in a view, and the store must be
     * set aside. Any thread.
     */
    @Nullable
    String damage();

    /** Makes everything written durable. */
    void flush();

    /** Flushes and closes. */
    @Override
    void close();

    /** A view of one moment. */
    interface Snapshot extends AutoCloseable {
        byte @Nullable [] get(byte[] key);

        Cursor range(byte[] from, byte @Nullable [] to);

        @Override
        void close();
    }

    /** Entries in order; before the first one at the start. */
    interface Cursor extends AutoCloseable {
        boolean next();

        byte[] key();

        byte[] value();

        @Override
        void close();
    }
}
