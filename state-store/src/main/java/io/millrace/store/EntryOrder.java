package io.millrace.store;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a table in order of key bytes, made when it is first asked for: as an array for those who want all of them
 * once, as an index that is kept up to date for those who ask for ranges.
 */
final class EntryOrder {

    private final NodeTable<Entry> table;

    /** Until an entry comes or goes. */
    private Entry @Nullable [] all;

    /** From the first range on. */
    private @Nullable NavigableMap<byte[], Entry> index;

    EntryOrder(NodeTable<Entry> table) {
        this.table = table;
    }

    void added(Entry entry) {
        all = null;
        if (index != null) {
            index.put(entry.keyBytes(), entry);
        }
    }

    void removed(Entry entry) {
        all = null;
        if (index != null) {
            index.remove(entry.keyBytes(), entry);
        }
    }

    boolean isIndexed() {
        return index != null;
    }

    /** Every entry; the array is not changed later. */
    Entry[] all() {
        if (all == null) {
            Entry[] sorted = new Entry[table.size()];
            int[] count = new int[1];
            table.forEach(entry -> sorted[count[0]++] = entry);
            Arrays.sort(sorted, (a, b) -> Arrays.compareUnsigned(a.keyBytes(), b.keyBytes()));
            all = sorted;
        }
        return all;
    }

    HeapWalk range(byte[] from, byte @Nullable [] to) {
        if (index == null) {
            index = new TreeMap<>(Arrays::compareUnsigned);
            for (Entry entry : all()) {
                index.put(entry.keyBytes(), entry);
            }
        }
        return HeapWalk.of(index, from, to);
    }
}
