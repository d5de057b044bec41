package io.millrace.coordinator;

import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupRecord.GroupMembership;
import io.millrace.coordinator.GroupRecord.StoredOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One group's state: its member, its committed positions and those of open transactions. Owned by its coordinator. */
final class Group {

    /** A position and where in the coordinator's log it stands: the later one wins. */
    private record Logged(StoredOffset stored, long logOffset) {}

    private final Map<TopicPartition, Logged> committed = new TreeMap<>();
    private final Map<Long, Map<TopicPartition, Logged>> pending = new HashMap<>();
    private @Nullable GroupMembership membership;

    void put(TopicPartition partition, @Nullable StoredOffset stored, long logOffset) {
        if (stored == null) {
            committed.remove(partition);
        } else {
            committed.put(partition, new Logged(stored, logOffset));
        }
    }

    void putPending(long producerId, TopicPartition partition, StoredOffset stored, long logOffset) {
        pending.computeIfAbsent(producerId, id -> new TreeMap<>()).put(partition, new Logged(stored, logOffset));
    }

    void endTransaction(long producerId, boolean commit) {
        Map<TopicPartition, Logged> decided = pending.remove(producerId);
        if (decided != null && commit) {
            decided.forEach((partition, logged) ->
                    committed.merge(partition, logged, (a, b) -> a.logOffset() > b.logOffset() ? a : b));
        }
    }

    void membership(@Nullable GroupMembership membership) {
        this.membership = membership;
    }

    @Nullable
    GroupMembership membership() {
        return membership;
    }

    @Nullable
    String member() {
        return membership == null ? null : membership.member();
    }

    boolean hasMember() {
        return member() != null;
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    boolean isPending(TopicPartition partition) {
        return pending.values().stream().anyMatch(offsets -> offsets.containsKey(partition));
    }

    /** Nothing is left that would have to be kept. */
    boolean isForgotten() {
        return membership == null && committed.isEmpty() && pending.isEmpty();
    }

    boolean hasOffsets() {
        return !committed.isEmpty() || !pending.isEmpty();
    }

    /** The committed positions, sorted. */
    Map<TopicPartition, StoredOffset> offsets() {
        Map<TopicPartition, StoredOffset> offsets = new TreeMap<>();
        committed.forEach((partition, logged) -> offsets.put(partition, logged.stored()));
        return offsets;
    }
}
