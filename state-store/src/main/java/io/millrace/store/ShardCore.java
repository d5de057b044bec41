package io.millrace.store;

/** What the stores of one shard share. */
final class ShardCore {

    final BackingStore backing;
    final Unwritten unwritten = new Unwritten();
    final Epochs epochs = new Epochs(unwritten);
    final NegativeCache negatives = new NegativeCache(NegativeCache.ABSENT_ENTRIES_MAX);

    /** Whether the backing store held nothing when the shard was opened, so that the heap knows all there is. */
    final boolean startedEmpty;

    final StoreTable storeTable;

    ShardCore(BackingStore backing) {
        this.backing = backing;
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
}
