package io.millrace.store;

import org.jspecify.annotations.Nullable;

/** What the stores of one shard share. */
final class ShardCore {

    final BackingStore backing;
    final ShardMemory memory;
    final Eviction eviction;
    final Unwritten unwritten;
    final Epochs epochs;
    final NegativeCache negatives = new NegativeCache(NegativeCache.ABSENT_ENTRIES_MAX);

    /** Whether the backing store held nothing when the shard was opened, so that the heap knows all there is. */
    final boolean startedEmpty;

    final StoreTable storeTable;

    ShardCore(BackingStore backing, MemoryBudget budget) {
        this.backing = backing;
        memory = new ShardMemory(budget);
        eviction = new Eviction(memory);
        unwritten = new Unwritten(memory);
        epochs = new Epochs(unwritten, memory);
        startedEmpty = backing.position() == null;
        storeTable = new StoreTable(this, startedEmpty);
    }

    /** Gives the entry a version in the open epoch; the first of a store enters it in the store table. */
    void write(StoreIdentity<?, ?> store, Entry entry, Object version) {
        if (!store.isDeclared) {
            storeTable.declare(store);
        }
        epochs.write(entry, version);
    }

    /** Gives the entry its committed version from the changelog. */
    void restore(Entry entry, byte[] changelogKey, byte @Nullable [] value) {
        entry.committed = value == null ? Entry.ABSENT : new Entry.Encoded(value);
        memory.resize(entry, MemoryEstimate.entryBytes(changelogKey.length, value == null ? 0 : value.length));
        unwritten.pin(entry);
    }

    /** Reports to the budget and evicts what is too much. */
    void balanceMemory() {
        eviction.run(epochs.bytes());
    }
}
