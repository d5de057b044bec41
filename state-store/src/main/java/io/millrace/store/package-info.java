/**
 * State that is versioned by epoch: what an open epoch writes can be dropped, what a committed epoch wrote is never lost.
 *
 * <p>Read {@link io.millrace.store.ShardState} first. One thread, the lane that owns the shard, owns all of its stores.
 * Another agent writes committed versions to the {@link io.millrace.store.BackingStore}, in immutable slices.
 */
@NullMarked
package io.millrace.store;

import org.jspecify.annotations.NullMarked;
