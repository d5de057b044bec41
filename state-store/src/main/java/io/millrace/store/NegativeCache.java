package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * Remembers keys that neither the heap nor the backing store has, as clean absent entries in their tables. A ring bounds how
 * many: the oldest is forgotten first, unless it has come to life meanwhile.
 */
final class NegativeCache {

    static final int ABSENT_ENTRIES_MAX = 32 * 1024;

    private final @Nullable Entry[] ring;
    private int next;

    NegativeCache(int entriesMax) {
        ring = new Entry[entriesMax];
    }

    /** Takes an entry that just became absent and clean; {@link KeyedEntries#forget} is called when its turn is over. */
    void remember(Entry entry) {
        Entry oldest = ring[next];
        ring[next] = entry;
        next = (next + 1) % ring.length;
        if (oldest != null && oldest != entry && oldest.isVoid() && oldest.home instanceof KeyedEntries<?, ?> home) {
            home.forget(oldest);
        }
    }
}
