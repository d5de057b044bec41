package io.millrace.store;

import org.jspecify.annotations.Nullable;

/** What a shard asks of each of its stores, whatever its kind. */
interface HeapStore {

    StoreIdentity<?, ?> identity();

    /** Applies one committed record of the changelog. */
    void restore(byte[] changelogKey, byte @Nullable [] value);

    /** Uncommitted versions are gone: what was deleted may be there again. */
    default void rolledBack() {}
}
