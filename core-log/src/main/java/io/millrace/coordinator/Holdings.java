package io.millrace.coordinator;

import io.millrace.coordinator.assign.Partitions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that a member has, and the epoch at which it got each: commits of an earlier epoch are a zombie's (KIP-1251).
 * Immutable.
 *
 * @param byTopic sorted; no topic without partitions
 */
record Holdings(SortedMap<UUID, SortedMap<Integer, Integer>> byTopic) {

    static final Holdings NONE = new Holdings(new TreeMap<>());

    Holdings {
        SortedMap<UUID, SortedMap<Integer, Integer>> copy = new TreeMap<>();
        byTopic.forEach((topic, epochs) -> {
            if (!epochs.isEmpty()) {
                copy.put(topic, Collections.unmodifiableSortedMap(new TreeMap<>(epochs)));
            }
        });
        byTopic = Collections.unmodifiableSortedMap(copy);
    }

    /** All of them got at the same epoch. */
    static Holdings of(Partitions partitions, int epoch) {
        return NONE.with(partitions, epoch);
    }

    /** The epoch at which it got the partition; null if it does not have it. */
    @Nullable
    Integer epochOf(UUID topic, int partition) {
        return byTopic.getOrDefault(topic, Collections.emptySortedMap()).get(partition);
    }

    boolean isEmpty() {
        return byTopic.isEmpty();
    }

    Partitions partitions() {
        SortedMap<UUID, List<Integer>> plain = new TreeMap<>();
        byTopic.forEach((topic, epochs) -> plain.put(topic, new ArrayList<>(epochs.keySet())));
        return Partitions.of(plain);
    }

    /** Those among these partitions. */
    Holdings among(Partitions others) {
        return where((topic, partition) -> others.contains(topic, partition));
    }

    /** Those that are not among these partitions. */
    Holdings without(Partitions others) {
        return where((topic, partition) -> !others.contains(topic, partition));
    }

    /** Those of such topics. */
    Holdings ofTopics(Predicate<UUID> wanted) {
        return where((topic, partition) -> wanted.test(topic));
    }

    boolean hasAnyOf(Partitions others) {
        return !among(others).isEmpty();
    }

    /** These and the others. */
    Holdings with(Holdings others) {
        SortedMap<UUID, SortedMap<Integer, Integer>> both = mutable();
        others.byTopic.forEach((topic, epochs) ->
                both.computeIfAbsent(topic, id -> new TreeMap<>()).putAll(epochs));
        return new Holdings(both);
    }

    /** These, and the others as got at this epoch. */
    Holdings with(Partitions others, int epoch) {
        SortedMap<UUID, SortedMap<Integer, Integer>> both = mutable();
        others.byTopic()
                .forEach((topic, partitions) -> partitions.forEach(partition ->
                        both.computeIfAbsent(topic, id -> new TreeMap<>()).put(partition, epoch)));
        return new Holdings(both);
    }

    /** The same partitions as if it had had them from the beginning: who comes after a static member is not a zombie. */
    Holdings sinceEver() {
        return of(partitions(), 0);
    }

    private interface Which {
        boolean test(UUID topic, int partition);
    }

    private Holdings where(Which which) {
        SortedMap<UUID, SortedMap<Integer, Integer>> some = new TreeMap<>();
        for (Map.Entry<UUID, SortedMap<Integer, Integer>> entry : byTopic.entrySet()) {
            SortedMap<Integer, Integer> epochs = new TreeMap<>(entry.getValue());
            epochs.keySet().removeIf(partition -> !which.test(entry.getKey(), partition));
            some.put(entry.getKey(), epochs);
        }
        return new Holdings(some);
    }

    private SortedMap<UUID, SortedMap<Integer, Integer>> mutable() {
        SortedMap<UUID, SortedMap<Integer, Integer>> copy = new TreeMap<>();
        byTopic.forEach((topic, epochs) -> copy.put(topic, new TreeMap<>(epochs)));
        return copy;
    }
}
