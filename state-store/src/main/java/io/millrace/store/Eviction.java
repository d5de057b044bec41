package io.millrace.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes clean entries off the heap while the process is over its budget, store by store in turn. Within a store a clock hand
 * passes: an entry that was used since the last pass gets a second chance.
 *
 * <p>A pass that finds too little is not repeated until something was written or rolled back: until then all that is left is
 * pinned, or was just used.
 */
final class Eviction {

    private final ShardMemory memory;
    private final List<Evictable> parts = new ArrayList<>();
    private int next;
    private boolean isExhausted;

    /** A store that can give up clean entries. */
    interface Evictable {

        /** Evicts about this many bytes of clean entries, fewer if there are not so many; returns how many. */
        long evict(long bytes);
    }

    Eviction(ShardMemory memory) {
        this.memory = memory;
    }

    void add(Evictable part) {
        parts.add(part);
    }

    /** More may be evictable than at the last pass. */
    void retry() {
        isExhausted = false;
    }

    void run(long epochBytes) {
        memory.report(epochBytes);
        long wanted = isExhausted ? 0 : memory.excessBytes();
        if (wanted <= 0) {
            return;
        }
        for (int i = 0; i < parts.size() && wanted > 0; i++) {
            wanted -= parts.get(next).evict(wanted);
            next = (next + 1) % parts.size();
        }
        isExhausted = wanted > 0;
        memory.report(epochBytes);
    }
}
