package io.millrace.store;

import java.util.function.LongConsumer;
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
        if (memory.isPinnedReportDue(epochs.bytes())) {
            memory.report(epochs.bytes());
        }
    }

    /** Gives the entry its committed version from the changelog. */
    void restore(Entry entry, byte[] changelogKey, byte @Nullable [] value) {
        entry.committed = value == null ? Entry.ABSENT : new Entry.Encoded(value);
        memory.resize(entry, MemoryEstimate.entryBytes(changelogKey.length, value == null ? 0 : value.length));
        unwritten.pin(entry);
    }

    /** Gives a new entry the version that the backing store has; it is clean. */
    void loaded(Entry entry, int keyBytes, byte[] value) {
        entry.committed = new Entry.Encoded(value);
        memory.resize(entry, MemoryEstimate.entryBytes(keyBytes, value.length));
    }

    /** Before entries are added and not after, so that none can be evicted before it was used. */
    void makeRoom() {
        if (memory.isReportDue()) {
            balanceMemory();
        }
    }

    /** The starts of time that the backing store has of a store whose keys begin with one; a seek for each. */
    void forEachStartBelow(int storeId, LongConsumer visitor) {
        byte[] from = StoreKeys.idPrefix(storeId);
        byte[] end = StoreKeys.above(from);
        while (true) {
            try (BackingStore.Cursor cursor = backing.range(from, end)) {
                if (!cursor.next()) {
                    return;
                }
                long startMs = StoreKeys.timeOf(cursor.key());
                visitor.accept(startMs);
                from = StoreKeys.above(StoreKeys.timePrefix(storeId, startMs));
            }
        }
    }

    /** Reports to the budget and evicts what is too much. */
    void balanceMemory() {
        eviction.run(epochs.bytes());
    }
}
