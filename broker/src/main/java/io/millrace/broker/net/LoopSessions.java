package io.millrace.broker.net;

import io.millrace.broker.Answer;
import io.millrace.broker.Api;
import io.millrace.kernel.SystemClock;
import io.millrace.node.NodeDoor;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Everything that one event loop owns: its door to the node, its handlers and its connections. On the loop alone. */
final class LoopSessions {

    private final EventLoop loop;
    private final NodeDoor door;
    private final Map<Short, Api<?>> apis;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private long alarmMs = Answer.NO_DEADLINE;
    private java.util.concurrent.@Nullable ScheduledFuture<?> alarm;

    LoopSessions(EventLoop loop, BrokerNode node) {
        this.loop = loop;
        this.door = node.openDoor(new LoopSignal(loop, this::stepAll));
        this.apis = node.apis(door);
    }

    Map<Short, Api<?>> apis() {
        return apis;
    }

    /** Monotonic, in ms. */
    long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(SystemClock.INSTANCE.nanoTime());
    }

    void add(Connection connection) {
        connections.add(connection);
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    /** Whether the node cannot take more at the moment: then nothing more is read from sockets. */
    boolean isCongested() {
        return door.isCongested();
    }

    private void stepAll() {
        door.flush();
        new ArrayList<>(connections).forEach(Connection::step);
    }

    /** Makes sure that everybody is looked at again by this time. */
    void wakeBy(long deadlineMs) {
        if (deadlineMs >= alarmMs) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmMs = deadlineMs;
        alarm = loop.schedule(this::ring, Math.max(0, deadlineMs - nowMs()), TimeUnit.MILLISECONDS);
    }

    private void ring() {
        alarm = null;
        alarmMs = Answer.NO_DEADLINE;
        stepAll();
    }

    void close() {
        new ArrayList<>(connections).forEach(Connection::close);
        door.close();
    }
}
