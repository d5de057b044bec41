package io.millrace.conformance.wire;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.net.Listener;
import io.millrace.coordinator.GroupLimits;
import io.millrace.kernel.SystemClock;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A node of this process at a free port. */
final class ServedNode implements AutoCloseable {

    private final LogNode log;
    private final Listener listener;

    ServedNode(Path directory) throws BindException {
        this(directory, GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0));
    }

    ServedNode(Path directory, GroupLimits groups) throws BindException {
        this(directory, groups, 0);
    }

    /** At this port, or at a free one if it is 0. */
    ServedNode(Path directory, GroupLimits groups, int port) throws BindException {
        var config = NodeConfig.DEFAULT.withTopicDefault("durability", "os").withGroups(groups);
        log = LogNode.open(directory, config, SystemClock.INSTANCE).start((agent, fault) -> fault.printStackTrace());
        listener =
                Listener.open(log, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BrokerConfig.DEFAULT);
    }

    /** As {@code bootstrap.servers} wants it. */
    String address() {
        return listener.endpoint().host() + ":" + listener.endpoint().port();
    }

    int port() {
        return listener.endpoint().port();
    }

    @Override
    public void close() {
        listener.close();
        log.close();
    }
}
