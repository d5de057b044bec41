package io.millrace.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One ordered walk over heap entries and the backing store: an entry on the heap hides the one below, an absent one too. */
final class MergedRange<K, V> {

    private final KeyedEntries<K, V> home;
    private final HeapWalk heap;

    MergedRange(KeyedEntries<K, V> home, HeapWalk heap) {
        this.home = home;
        this.heap = heap;
    }

    boolean visitHeap(EntryVisitor<? super K, ? super V> visitor) {
        Entry entry = heap.peek();
        while (entry != null) {
            if (!visit(entry, visitor)) {
                return false;
            }
            heap.advance();
            entry = heap.peek();
        }
        return true;
    }

    boolean visit(BackingStore.Cursor below, EntryVisitor<? super K, ? super V> visitor) {
        while (below.next()) {
            byte[] key = below.key();
            boolean isHidden = false;
            @Nullable Entry entry = heap.peek();
            while (entry != null && !isHidden) {
                int order = Arrays.compareUnsigned(entry.keyBytes(), key);
                if (order > 0) {
                    break;
                }
                isHidden = order == 0;
                if (!visit(entry, visitor)) {
                    return false;
                }
                heap.advance();
                entry = heap.peek();
            }
            if (!isHidden && !visitor.visit(home.decodeKey(key), home.decoded(below.value()))) {
                return false;
            }
        }
        return visitHeap(visitor);
    }

    private boolean visit(Entry entry, EntryVisitor<? super K, ? super V> visitor) {
        V value = home.visible(entry);
        return value == null || visitor.visit(home.keyOf(entry), value);
    }
}
