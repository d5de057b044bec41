package io.millrace.coordinator.assign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** The assignment that {@link UniformAssignor} works on: who has what, and how much. Owned by one call of it. */
final class UniformPlan {

    /** How often all topics are gone through at most. Two times are enough where members read the same or disjoint topics. */
    private static final int ROUNDS_MAX = 32;

    private static final int NOBODY = -1;

    private final int[] loads;

    /** Readers by number, in order of member id. */
    private final SortedMap<UUID, List<Integer>> readers = new TreeMap<>();

    /** By topic and partition, the number of who has it. */
    private final Map<UUID, int[]> owners = new HashMap<>();

    private final Comparator<Integer> byLoad;

    /** Everybody keeps what it has and still reads. */
    UniformPlan(List<Subscriber> subscribers, Map<UUID, Integer> partitionCounts) {
        this.loads = new int[subscribers.size()];
        this.byLoad = Comparator.<Integer>comparingInt(reader -> loads[reader])
                .thenComparing(reader -> subscribers.get(reader).id());
        for (int i = 0; i < subscribers.size(); i++) {
            for (UUID topic : subscribers.get(i).topics()) {
                readers.computeIfAbsent(topic, id -> new ArrayList<>()).add(i);
            }
        }
        readers.keySet().forEach(topic -> {
            int[] nobody = new int[partitionCounts.getOrDefault(topic, 0)];
            Arrays.fill(nobody, NOBODY);
            owners.put(topic, nobody);
        });
        for (int i = 0; i < subscribers.size(); i++) {
            keep(i, subscribers.get(i));
        }
    }

    private void keep(int reader, Subscriber subscriber) {
        subscriber.present().byTopic().forEach((topic, partitions) -> {
            int[] ofTopic = owners.get(topic);
            if (ofTopic != null && subscriber.topics().contains(topic)) {
                for (int partition : partitions) {
                    boolean isThere = partition >= 0 && partition < ofTopic.length;
                    if (isThere && ofTopic[partition] == NOBODY) {
                        ofTopic[partition] = reader;
                        loads[reader]++;
                    }
                }
            }
        });
    }

    /** What nobody has goes to the reader that has least. */
    void giveOut() {
        List<UUID> topics = new ArrayList<>(readers.keySet());
        topics.sort(Comparator.comparingInt(topic -> ofTopic(topic).size()));
        for (UUID topic : topics) {
            int[] ofTopic = partitions(topic);
            NavigableSet<Integer> queue = queue(ofTopic(topic));
            for (int partition = 0; partition < ofTopic.length; partition++) {
                if (ofTopic[partition] == NOBODY) {
                    int reader = queue.first();
                    queue.remove(reader);
                    ofTopic[partition] = reader;
                    loads[reader]++;
                    queue.add(reader);
                }
            }
        }
    }

    /** Moves partitions from who has most to who has least. */
    void balance() {
        boolean moved = true;
        for (int round = 0; moved && round < ROUNDS_MAX; round++) {
            moved = false;
            for (UUID topic : readers.keySet()) {
                moved |= balance(topic);
            }
        }
    }

    private boolean balance(UUID topic) {
        int[] ofTopic = partitions(topic);
        Map<Integer, NavigableSet<Integer>> held = new HashMap<>();
        for (int partition = 0; partition < ofTopic.length; partition++) {
            held.computeIfAbsent(ofTopic[partition], owner -> new TreeSet<>()).add(partition);
        }
        NavigableSet<Integer> takers = queue(ofTopic(topic));
        NavigableSet<Integer> givers = queue(held.keySet());
        boolean moved = false;
        while (!givers.isEmpty() && loads[givers.last()] - loads[takers.first()] > 1) {
            int from = givers.last();
            int to = takers.first();
            takers.removeAll(List.of(from, to));
            givers.removeAll(List.of(from, to));
            NavigableSet<Integer> left = held.getOrDefault(from, new TreeSet<>());
            int partition = left.pollLast();
            ofTopic[partition] = to;
            held.computeIfAbsent(to, owner -> new TreeSet<>()).add(partition);
            loads[from]--;
            loads[to]++;
            takers.addAll(List.of(from, to));
            givers.add(to);
            if (!left.isEmpty()) {
                givers.add(from);
            }
            moved = true;
        }
        return moved;
    }

    private NavigableSet<Integer> queue(Iterable<Integer> who) {
        NavigableSet<Integer> queue = new TreeSet<>(byLoad);
        who.forEach(queue::add);
        return queue;
    }

    private List<Integer> ofTopic(UUID topic) {
        return readers.getOrDefault(topic, List.of());
    }

    private int[] partitions(UUID topic) {
        return owners.getOrDefault(topic, new int[0]);
    }

    /** What each reader has, by number. */
    List<Partitions> all() {
        List<SortedMap<UUID, SortedSet<Integer>>> held = new ArrayList<>();
        for (int reader = 0; reader < loads.length; reader++) {
            held.add(new TreeMap<>());
        }
        owners.forEach((topic, ofTopic) -> {
            for (int partition = 0; partition < ofTopic.length; partition++) {
                if (ofTopic[partition] != NOBODY) {
                    held.get(ofTopic[partition])
                            .computeIfAbsent(topic, id -> new TreeSet<>())
                            .add(partition);
                }
            }
        });
        return held.stream().map(Partitions::new).toList();
    }
}
