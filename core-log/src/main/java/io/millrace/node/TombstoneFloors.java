package io.millrace.node;

import io.millrace.client.TopicPartition;
import java.util.HashMap;
import java.util.Map;

/**
 * From which offset on each compacted partition must keep its tombstones, because somebody in this process has not read them
 * yet. Owned by the log agent.
 *
 * <p>Nothing here is kept on disk. A topic that says {@code tombstones.held} keeps all of them as long as nobody has said how
 * far he is; so a restart forgets no promise, and a job that does not run needs to make none.
 */
final class TombstoneFloors {

    private final Map<TopicPartition, Map<String, Long>> floors = new HashMap<>();

    /** @param offset {@link Long#MAX_VALUE} lifts the holder's floor */
    void hold(TopicPartition partition, String holder, long offset) {
        Map<String, Long> held = floors.computeIfAbsent(partition, id -> new HashMap<>());
        if (offset == Long.MAX_VALUE) {
            held.remove(holder);
        } else {
            held.put(holder, offset);
        }
        if (held.isEmpty()) {
            floors.remove(partition);
        }
    }

    /** Everything this holder has asked for ends. */
    void release(String holder) {
        floors.values().forEach(held -> held.remove(holder));
        floors.values().removeIf(Map::isEmpty);
    }

    /**
     * Where those begin that must stay.
     *
     * @param heldByDefault whether the topic keeps all of them while nobody has said anything
     */
    long of(TopicPartition partition, boolean heldByDefault) {
        return floors.getOrDefault(partition, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(heldByDefault ? 0 : Long.MAX_VALUE);
    }
}
