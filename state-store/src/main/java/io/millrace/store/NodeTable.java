package io.millrace.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hash table that never stops to grow: extendible hashing (Fagin and others, 1979). A directory, indexed by the upper bits of
 * the hash, leads to segments; a full segment is split in two, so that one insertion moves at most {@value
 * #SEGMENT_SLOTS_MAX} / 2 nodes however large the table is. A small table is one segment, which doubles.
 *
 * <p>Within a segment, open addressing with linear probes by the lower bits, removal by shifting back, at most half full. The
 * hashes stand in an array of their own: a look-up that finds nothing, a split and a removal touch no node.
 *
 * <p>Iteration order is not deterministic; nothing that leaves the shard may depend on it.
 */
final class NodeTable<N extends Node> {

    /** The largest segment; only keys whose hash codes are poor make larger ones. */
    static final int SEGMENT_SLOTS_MAX = 8 * 1024;

    private static final int INITIAL_SLOTS = 16;

    /** How much finer the directory may be than evenly spread hashes need. */
    private static final int DIRECTORY_EXCESS_MAX = 16;

    private Segment[] directory = {new Segment(0, INITIAL_SLOTS)};

    /** Upper bits of a hash that choose its place in the directory. */
    private int depth;

    private final List<Segment> segments = new ArrayList<>(List.of(directory[0]));
    private int size;

    /** Spread, since keys may have poor hash codes; byte arrays are compared by content. Never 0, which marks a free slot. */
    static int hash(Object key) {
        int code = key instanceof byte[] bytes ? Arrays.hashCode(bytes) : key.hashCode();
        int product = code * 0x9E3779B9;
        int spread = product ^ (product >>> 15);
        return spread == 0 ? 1 : spread;
    }

    static boolean sameKey(Object a, Object b) {
        return a == b || (a instanceof byte[] x ? b instanceof byte[] y && Arrays.equals(x, y) : a.equals(b));
    }

    @Nullable
    N find(Object key, int hash) {
        Segment segment = segment(hash);
        int[] hashes = segment.hashes;
        int mask = hashes.length - 1;
        for (int at = hash & mask; hashes[at] != 0; at = (at + 1) & mask) {
            if (hashes[at] == hash && sameKey(segment.node(at).key, key)) {
                return cast(segment.node(at));
            }
        }
        return null;
    }

    /** Adds a node whose key is not in the table. */
    void insert(N node) {
        Segment segment = segment(node.hash);
        while (segment.isFull()) {
            grow(segment, node.hash);
            segment = segment(node.hash);
        }
        segment.place(node, node.hash);
        size++;
    }

    void remove(N node) {
        Segment segment = segment(node.hash);
        int at = segment.slotOf(node);
        if (at >= 0) {
            segment.closeGap(at);
            size--;
        }
    }

    /** Puts a node in the place of one with the same key. */
    void replace(N node, N successor) {
        Segment segment = segment(node.hash);
        segment.nodes[segment.slotOf(node)] = successor;
    }

    int size() {
        return size;
    }

    int segmentCount() {
        return segments.size();
    }

    int slotCount(int segment) {
        return segments.get(segment).hashes.length;
    }

    @Nullable
    N at(int segment, int slot) {
        return cast(segments.get(segment).nodes[slot]);
    }

    void forEach(Consumer<? super N> visitor) {
        for (Segment segment : segments) {
            for (Node node : segment.nodes) {
                N one = cast(node);
                if (one != null) {
                    visitor.accept(one);
                }
            }
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable N cast(@Nullable Node node) {
        return (N) node;
    }

    private Segment segment(int hash) {
        return directory[place(hash)];
    }

    /** In two steps, since a shift by 32 is none. */
    private int place(int hash) {
        return (hash >>> 1) >>> (Integer.SIZE - 1 - depth);
    }

    private void grow(Segment segment, int hash) {
        long directorySizeMax = (long) DIRECTORY_EXCESS_MAX * (1 + size / (SEGMENT_SLOTS_MAX / 2));
        if (segment.hashes.length < SEGMENT_SLOTS_MAX || 1L << segment.depth >= directorySizeMax) {
            segment.enlarge();
        } else {
            split(segment, hash);
        }
    }

    /** The lower half of the hashes stays, the upper half moves to a new segment. */
    private void split(Segment segment, int hash) {
        if (segment.depth == depth) {
            Segment[] finer = new Segment[directory.length * 2];
            for (int i = 0; i < finer.length; i++) {
                finer[i] = directory[i / 2];
            }
            directory = finer;
            depth++;
        }
        Segment upper = new Segment(segment.depth + 1, segment.hashes.length);
        segments.add(upper);
        int places = 1 << (depth - segment.depth);
        int first = place(hash) & -places;
        Arrays.fill(directory, first + places / 2, first + places, upper);
        segment.moveUpperHalf(upper);
    }

    private static final class Segment {

        /** Upper bits that all hashes in here share. */
        private int depth;

        /** 0 where there is no node. */
        private int[] hashes;

        private @Nullable Node[] nodes;
        private int size;

        Segment(int depth, int slots) {
            this.depth = depth;
            hashes = new int[slots];
            nodes = new Node[slots];
        }

        Node node(int slot) {
            return Objects.requireNonNull(nodes[slot]);
        }

        boolean isFull() {
            return size * 2 >= hashes.length;
        }

        void place(Node node, int hash) {
            int mask = hashes.length - 1;
            int at = hash & mask;
            while (hashes[at] != 0) {
                at = (at + 1) & mask;
            }
            hashes[at] = hash;
            nodes[at] = node;
            size++;
        }

        /** Where the node is, -1 if it is not here. */
        int slotOf(Node node) {
            int mask = hashes.length - 1;
            for (int at = node.hash & mask; hashes[at] != 0; at = (at + 1) & mask) {
                if (nodes[at] == node) {
                    return at;
                }
            }
            return -1;
        }

        /** Moves later nodes of the probe chain forward, so that no marker of the removal is needed. */
        void closeGap(int start) {
            int mask = hashes.length - 1;
            int gap = start;
            int at = (gap + 1) & mask;
            for (int hash = hashes[at]; hash != 0; hash = hashes[at]) {
                int distanceFromHome = (at - hash) & mask;
                if (distanceFromHome >= ((at - gap) & mask)) {
                    hashes[gap] = hash;
                    nodes[gap] = nodes[at];
                    gap = at;
                }
                at = (at + 1) & mask;
            }
            hashes[gap] = 0;
            nodes[gap] = null;
            size--;
        }

        void enlarge() {
            moveAll(hashes.length * 2, this);
        }

        void moveUpperHalf(Segment upper) {
            depth++;
            moveAll(hashes.length, upper);
        }

        /** Into new slots here, or there if the hash says so. */
        private void moveAll(int slots, Segment upper) {
            int[] oldHashes = hashes;
            @Nullable Node[] oldNodes = nodes;
            hashes = new int[slots];
            nodes = new Node[slots];
            size = 0;
            int bit = upper == this ? 0 : 1 << (Integer.SIZE - depth);
            for (int slot = 0; slot < oldHashes.length; slot++) {
                int hash = oldHashes[slot];
                if (hash != 0) {
                    Segment target = (hash & bit) == 0 ? this : upper;
                    target.place(Objects.requireNonNull(oldNodes[slot]), hash);
                }
            }
        }
    }
}
