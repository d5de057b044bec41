/**
 * The backing store on disk: one RocksDB per shard, one cache and one write-buffer budget per process.
 *
 * <p>Read {@link io.millrace.store.rocks.RocksBackingStore} first; {@link io.millrace.store.rocks.RocksEnvironment} owns what
 * the shards of a process share. The {@code store} agent writes, the shard's lane reads, queries read through snapshots.
 */
@NullMarked
package io.millrace.store.rocks;

import org.jspecify.annotations.NullMarked;
