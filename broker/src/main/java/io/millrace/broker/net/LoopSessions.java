package io.millrace.broker.net;

import io.millrace.broker.Api;
import io.millrace.broker.PartitionWatches;
import io.millrace.broker.Traffic;
import io.millrace.kernel.Signal;
import io.millrace.kernel.SystemClock;
import io.millrace.node.NodeDoor;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Everything that one event loop owns: its door to the node, its handlers and its connections. On the loop alone.
 *
 * <p>A signal steps those connections that wait for the node; one that waits for records of a partition is stepped when that
 * partition has enough for it, and one that waits for nothing not at all.
 */
final class LoopSessions {

    private final EventLoop loop;
    private final LoopSignal signal;
    private final NodeDoor door;
    private final PartitionWatches watches;
    private final RequestBudget budget;
    private final Traffic traffic;
    private final Map<Short, Api<?>> apis;
    private final Set<Connection> connections = new LinkedHashSet<>();
    /** Those that wait for the node, and are stepped after each of its signals. */
    private final Set<Connection> awaiting = new LinkedHashSet<>();
    /** Those that have something to do now. */
    private final Set<Connection> due = new LinkedHashSet<>();

    private boolean isTelling;
    private int turn;

    LoopSessions(EventLoop loop, BrokerNode node) {
        this.loop = loop;
        this.signal = new LoopSignal(loop, this::signalled);
        this.door = node.openDoor(signal);
        this.watches = new PartitionWatches(signal);
        this.budget = node.budget();
        this.traffic = node.counters().traffic();
        this.apis = node.apis(door, watches);
    }

    Map<Short, Api<?>> apis() {
        return apis;
    }

    RequestBudget budget() {
        return budget;
    }

    /** Has {@link #signalled} run. */
    Signal signal() {
        return signal;
    }

    /** Monotonic, in ms. */
    long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(SystemClock.INSTANCE.nanoTime());
    }

    void add(Connection connection) {
        connections.add(connection);
        traffic.opened();
    }

    void remove(Connection connection) {
        if (connections.remove(connection)) {
            traffic.closed();
        }
        awaiting.remove(connection);
        due.remove(connection);
    }

    /** Whether the connection is to be stepped after each signal. */
    void await(Connection connection, boolean awaits) {
        if (awaits) {
            awaiting.add(connection);
        } else {
            awaiting.remove(connection);
        }
    }

    /** The connection is stepped soon. */
    void due(Connection connection) {
        if (due.isEmpty() && !isTelling) {
            signal.raise();
        }
        due.add(connection);
    }

    /** Whether the node cannot take more at the moment: then nothing more is read from sockets. */
    boolean isCongested() {
        return door.isCongested();
    }

    private void signalled() {
        door.flush();
        isTelling = true; // whoever is due by that is stepped below
        watches.tell();
        isTelling = false;
        List<Connection> now = new ArrayList<>(awaiting);
        due.forEach(connection -> {
            if (!awaiting.contains(connection)) {
                now.add(connection);
            }
        });
        due.clear();
        Collections.rotate(now, turn++); // so that a node that is behind is not taken by the same ones each time
        now.forEach(Connection::step);
    }

    Future<?> schedule(Runnable task, long atMs) {
        return loop.schedule(task, Math.max(0, atMs - nowMs()), TimeUnit.MILLISECONDS);
    }

    void close() {
        new ArrayList<>(connections).forEach(Connection::close);
        watches.close();
        door.close();
    }
}
