package io.millrace.streams.runtime;

import io.millrace.store.BackingStore;
import io.millrace.store.memory.MemoryBackingStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;

/** Backing stores on the heap, for tests: a simulated crash takes each of them back to some earlier batch. */
public final class MemoryShardStores implements ShardStores {

    private final Map<Integer, MemoryBackingStore> stores = new ConcurrentSkipListMap<>();

    @Override
    public BackingStore open(int shard) {
        return stores.computeIfAbsent(shard, index -> new MemoryBackingStore());
    }

    @Override
    public Optional<Path> setAside(int shard) {
        stores.remove(shard);
        return Optional.empty();
    }

    /** A bit of each of them has rotted. */
    public void damage(String what) {
        stores.values().forEach(store -> store.damage(what));
    }

    /** As after a crash of the process: every store falls back to a batch of its own choice. */
    public void crash(RandomGenerator random) {
        stores.values().forEach(store -> store.crash(random));
    }

    /** The disk is full: what is written from now on cannot be made durable. */
    public void failFlushes(String why) {
        stores.values().forEach(store -> store.failFlushes(why));
    }

    /** As after the loss of the disk. */
    public void lose() {
        stores.clear();
    }

    @Override
    public void close() {
        stores.values().forEach(MemoryBackingStore::close);
    }
}
