package io.millrace.streams.runtime;

import io.millrace.streams.DropReason;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts records left out, by operator and reason, in one lane. Written by the lane; read by anybody. Counts what happened,
 * also in epochs that were given up later.
 */
final class DropCounters {

    private volatile Map<String, Map<DropReason, AtomicLong>> byNode = Map.of();

    void count(String nodeId, DropReason reason) {
        Map<DropReason, AtomicLong> counts = byNode.get(nodeId);
        if (counts == null) {
            counts = new EnumMap<>(DropReason.class);
            for (DropReason each : DropReason.values()) {
                counts.put(each, new AtomicLong());
            }
            Map<String, Map<DropReason, AtomicLong>> more = new HashMap<>(byNode);
            more.put(nodeId, counts);
            byNode = Map.copyOf(more);
        }
        AtomicLong count = counts.get(reason);
        if (count != null) {
            count.setRelease(count.getPlain() + 1);
        }
    }

    /** Adds these counts to a map of operator to reason to count. */
    void addTo(Map<String, Map<DropReason, Long>> totals) {
        byNode.forEach((node, counts) -> counts.forEach((reason, count) -> {
            long dropped = count.getAcquire();
            if (dropped > 0) {
                totals.computeIfAbsent(node, id -> new HashMap<>()).merge(reason, dropped, Long::sum);
            }
        }));
    }
}
