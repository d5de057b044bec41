package io.millrace.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Hash table: open addressing with linear probes, removal by shifting back, at most half full. Nodes carry their hash, so that
 * growing touches no key.
 *
 * <p>Iteration order is not deterministic; nothing that leaves the shard may depend on it.
 */
final class NodeTable<N extends Node> {

    private static final int INITIAL_SLOTS = 16;

    private @Nullable Node[] slots = new Node[INITIAL_SLOTS];
    private int size;

    /** Spread, since keys may have poor hash codes; byte arrays are compared by content. */
    static int hash(Object key) {
        int code = key instanceof byte[] bytes ? Arrays.hashCode(bytes) : key.hashCode();
        int spread = code * 0x9E3779B9;
        return spread ^ (spread >>> 15);
    }

    static boolean sameKey(Object a, Object b) {
        return a == b || (a instanceof byte[] x ? b instanceof byte[] y && Arrays.equals(x, y) : a.equals(b));
    }

    @Nullable
    N find(Object key, int hash) {
        @Nullable Node[] table = slots;
        int mask = table.length - 1;
        for (int at = hash & mask; ; at = (at + 1) & mask) {
            Node node = table[at];
            if (node == null || (node.hash == hash && sameKey(node.key, key))) {
                return cast(node);
            }
        }
    }

    /** Adds a node whose key is not in the table. */
    void insert(N node) {
        if (size * 2 >= slots.length) {
            grow();
        }
        place(slots, node);
        size++;
    }

    void remove(N node) {
        int mask = slots.length - 1;
        for (int at = node.hash & mask; slots[at] != null; at = (at + 1) & mask) {
            if (slots[at] == node) {
                closeGap(at);
                size--;
                return;
            }
        }
    }

    int size() {
        return size;
    }

    /** Slots that {@link #at} takes. */
    int slotCount() {
        return slots.length;
    }

    @Nullable
    N at(int slot) {
        return cast(slots[slot]);
    }

    @SuppressWarnings("unchecked")
    private @Nullable N cast(@Nullable Node node) {
        return (N) node;
    }

    private void grow() {
        @Nullable Node[] larger = new Node[slots.length * 2];
        for (Node node : slots) {
            if (node != null) {
                place(larger, node);
            }
        }
        slots = larger;
    }

    private static void place(@Nullable Node[] table, Node node) {
        int mask = table.length - 1;
        int at = node.hash & mask;
        while (table[at] != null) {
            at = (at + 1) & mask;
        }
        table[at] = node;
    }

    /** Moves later nodes of the probe chain forward, so that no marker of the removal is needed. */
    private void closeGap(int start) {
        int mask = slots.length - 1;
        int gap = start;
        int at = (gap + 1) & mask;
        for (Node node = slots[at]; node != null; node = slots[at]) {
            int distanceFromHome = (at - node.hash) & mask;
            if (distanceFromHome >= ((at - gap) & mask)) {
                slots[gap] = node;
                gap = at;
            }
            at = (at + 1) & mask;
        }
        slots[gap] = null;
    }
}
