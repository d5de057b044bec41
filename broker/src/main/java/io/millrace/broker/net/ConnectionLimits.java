package io.millrace.broker.net;

import io.millrace.broker.NetworkLimits;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the connections of a node, those of all its listeners together. Any thread. */
final class ConnectionLimits {

    private final NetworkLimits limits;
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    ConnectionLimits(NetworkLimits limits) {
        this.limits = limits;
    }

    NetworkLimits limits() {
        return limits;
    }

    /** Counts one more from an address, unless it has {@code max.connections.per.ip} already. */
    boolean takeFrom(InetAddress address) {
        boolean[] taken = {false};
        byAddress.compute(address, (ignored, connections) -> {
            int before = connections == null ? 0 : connections;
            taken[0] = before < limits.connectionsPerIpMax();
            return taken[0] ? Integer.valueOf(before + 1) : connections;
        });
        return taken[0];
    }

    /** Takes back a {@link #takeFrom}. */
    void giveFrom(InetAddress address) {
        byAddress.computeIfPresent(address, (ignored, connections) -> connections == 1 ? null : connections - 1);
    }

    /**
     * Counts one more, unless there are {@code max.connections} already.
     *
     * @param onRoom run, on any thread, when it is worth trying again, if this is refused
     */
    boolean take(Runnable onRoom) {
        if (takeOne()) {
            return true;
        }
        waiting.add(onRoom);
        if (hasRoom()) {
            tellAll(); // it came between the two looks
        }
        return false;
    }

    private boolean takeOne() {
        int before = count.getAndUpdate(now -> Math.min(limits.connectionsMax(), now + 1));
        return before < limits.connectionsMax();
    }

    private boolean hasRoom() {
        return count.get() < limits.connectionsMax();
    }

    /** Takes back a {@link #take}. */
    void give() {
        count.decrementAndGet();
        if (!waiting.isEmpty()) {
            tellAll();
        }
    }

    /** Who waits is told no more. */
    void forget(Runnable onRoom) {
        waiting.remove(onRoom);
    }

    private void tellAll() {
        for (Iterator<Runnable> each = waiting.iterator(); each.hasNext(); ) {
            Runnable told = each.next();
            each.remove(); // before it is told: who is refused again adds it again
            told.run();
        }
    }
}
