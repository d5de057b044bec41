package io.millrace.coordinator.assign;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Partitions of topics, by topic id. Immutable; equal if it holds the same ones.
 *
 * @param byTopic sorted; no topic without partitions
 */
public record Partitions(SortedMap<UUID, SortedSet<Integer>> byTopic) {

    public static final Partitions NONE = of(Map.of());

    public Partitions {
        SortedMap<UUID, SortedSet<Integer>> copy = new TreeMap<>();
        byTopic.forEach((topic, partitions) -> {
            if (!partitions.isEmpty()) {
                copy.put(topic, Collections.unmodifiableSortedSet(new TreeSet<>(partitions)));
            }
        });
        byTopic = Collections.unmodifiableSortedMap(copy);
    }

    /** Of several mentions of a partition one counts. */
    public static Partitions of(Map<UUID, ? extends Collection<Integer>> byTopic) {
        SortedMap<UUID, SortedSet<Integer>> sorted = new TreeMap<>();
        byTopic.forEach((topic, partitions) -> sorted.put(topic, new TreeSet<>(partitions)));
        return new Partitions(sorted);
    }

    /** Those that are in any of these. */
    public static Partitions union(Collection<Partitions> all) {
        SortedMap<UUID, SortedSet<Integer>> sorted = new TreeMap<>();
        all.forEach(one -> one.byTopic.forEach((topic, partitions) ->
                sorted.computeIfAbsent(topic, id -> new TreeSet<>()).addAll(partitions)));
        return new Partitions(sorted);
    }

    /** Those of one topic, empty if there are none. */
    public SortedSet<Integer> of(UUID topic) {
        return byTopic.getOrDefault(topic, Collections.emptySortedSet());
    }

    public boolean contains(UUID topic, int partition) {
        return of(topic).contains(partition);
    }

    /** Whether each of the others is among these. */
    public boolean containsAll(Partitions others) {
        return others.byTopic.entrySet().stream()
                .allMatch(entry -> of(entry.getKey()).containsAll(entry.getValue()));
    }

    public boolean isEmpty() {
        return byTopic.isEmpty();
    }

    public int count() {
        return byTopic.values().stream().mapToInt(Collection::size).sum();
    }
}
