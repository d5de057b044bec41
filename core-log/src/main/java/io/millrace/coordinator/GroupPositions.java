package io.millrace.coordinator;

import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupRecord.StoredOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A group's committed positions and those of open transactions. Owned by its group. */
final class GroupPositions {

    /** A position and where in the coordinator's log it stands: the later one wins. */
    private record Logged(StoredOffset stored, long logOffset) {}

    private final Map<TopicPartition, Logged> committed = new TreeMap<>();
    private final Map<Long, Map<TopicPartition, Logged>> pending = new HashMap<>();

    /** Null forgets it, and what open transactions would make of it. */
    void put(TopicPartition partition, @Nullable StoredOffset stored, long logOffset) {
        if (stored == null) {
            committed.remove(partition);
            pending.values().forEach(offsets -> offsets.remove(partition));
            pending.values().removeIf(Map::isEmpty);
        } else {
            committed.put(partition, new Logged(stored, logOffset));
        }
    }

    void putPending(long producerId, TopicPartition partition, StoredOffset stored, long logOffset) {
        pending.computeIfAbsent(producerId, id -> new TreeMap<>()).put(partition, new Logged(stored, logOffset));
    }

    /** @param beforeOffset where the marker stands: what was written behind it is of a later transaction */
    void endTransaction(long producerId, boolean commit, long beforeOffset) {
        Map<TopicPartition, Logged> all = pending.getOrDefault(producerId, Map.of());
        Map<TopicPartition, Logged> decided = new TreeMap<>(all);
        decided.values().removeIf(logged -> logged.logOffset() >= beforeOffset);
        all.keySet().removeAll(decided.keySet());
        if (all.isEmpty()) {
            pending.remove(producerId);
        }
        if (commit) {
            decided.forEach((partition, logged) ->
                    committed.merge(partition, logged, (a, b) -> a.logOffset() > b.logOffset() ? a : b));
        }
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    boolean isPending(TopicPartition partition) {
        return pending.values().stream().anyMatch(offsets -> offsets.containsKey(partition));
    }

    boolean isEmpty() {
        return committed.isEmpty() && pending.isEmpty();
    }

    @Nullable
    StoredOffset find(TopicPartition partition) {
        Logged found = committed.get(partition);
        return found == null ? null : found.stored();
    }

    /** Everything that there is a position for, or may be one day, sorted. */
    Set<TopicPartition> partitions() {
        Set<TopicPartition> all = new TreeSet<>(committed.keySet());
        pending.values().forEach(offsets -> all.addAll(offsets.keySet()));
        return all;
    }

    /** The committed positions, sorted. */
    Map<TopicPartition, StoredOffset> committed() {
        Map<TopicPartition, StoredOffset> offsets = new TreeMap<>();
        committed.forEach((partition, logged) -> offsets.put(partition, logged.stored()));
        return offsets;
    }
}
