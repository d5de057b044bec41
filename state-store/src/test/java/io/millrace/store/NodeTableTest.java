package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeTableTest {

    /** How good the hash codes of the keys are. */
    enum Hashes {
        GOOD(-1),
        FEW(0x3F),
        ONE(0);

        final int mask;

        Hashes(int mask) {
            this.mask = mask;
        }
    }

    private record Key(int number, int mask) {
        @Override
        public int hashCode() {
            return Integer.hashCode(number) & mask;
        }
    }

    @ParameterizedTest
    @EnumSource(Hashes.class)
    void agreesWithAMap(Hashes hashes) {
        for (long seed = 1; seed <= 2; seed++) {
            int keys = hashes == Hashes.GOOD ? 20_000 : 1_000;
            Random random = new Random(seed);
            NodeTable<Node> table = new NodeTable<>();
            Map<Key, Node> model = new HashMap<>();
            for (int step = 0; step < 3 * keys; step++) {
                Key key = new Key(random.nextInt(keys), hashes.mask);
                Node found = table.find(key, NodeTable.hash(key));
                if (found != model.get(key)) {
                    throw new AssertionError("seed " + seed + " step " + step + ": found " + found);
                }
                if (found == null) {
                    Node node = new Node(key, NodeTable.hash(key));
                    table.insert(node);
                    model.put(key, node);
                } else if (random.nextInt(3) == 0) {
                    Node successor = new Node(key, found.hash);
                    table.replace(found, successor);
                    model.put(key, successor);
                } else if (random.nextInt(2) == 0) {
                    table.remove(found);
                    model.remove(key);
                }
            }
            List<Node> all = new ArrayList<>();
            table.forEach(all::add);
            assertThat(all).as("seed " + seed).hasSize(table.size()).doesNotHaveDuplicates();
            assertThat(new HashSet<>(all)).as("seed " + seed).isEqualTo(new HashSet<>(model.values()));
            assertThat(bySlot(table)).as("seed " + seed).isEqualTo(new HashSet<>(model.values()));
        }
    }

    @Test
    void growsBySmallSegments() {
        NodeTable<Node> table = new NodeTable<>();
        for (int i = 0; i < 200_000; i++) {
            table.insert(new Node("key-" + i, NodeTable.hash("key-" + i)));
        }
        for (int segment = 0; segment < table.segmentCount(); segment++) {
            assertThat(table.slotCount(segment)).isLessThanOrEqualTo(NodeTable.SEGMENT_SLOTS_MAX);
        }
        assertThat(table.segmentCount()).isGreaterThan(200_000 / (NodeTable.SEGMENT_SLOTS_MAX / 2));
    }

    private static Set<Node> bySlot(NodeTable<Node> table) {
        Set<Node> all = new HashSet<>();
        for (int segment = 0; segment < table.segmentCount(); segment++) {
            for (int slot = 0; slot < table.slotCount(segment); slot++) {
                Node node = table.at(segment, slot);
                if (node != null) {
                    all.add(node);
                }
            }
        }
        return all;
    }
}
