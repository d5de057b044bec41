package io.millrace.node;

import io.millrace.client.TopicPartition;
import java.util.HashMap;
import java.util.Map;

/**
 * From which offset on each compacted partition must keep its tombstones, because somebody in this process has not read them
 * yet. Owned by the log agent.
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

    /** {@link Long#MAX_VALUE} if nobody holds any. */
    long of(TopicPartition partition) {
        return floors.getOrDefault(partition, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
