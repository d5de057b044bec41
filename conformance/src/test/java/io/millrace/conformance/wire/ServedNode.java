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
public final class ServedNode implements AutoCloseable {

    /** Nobody waits for the disk, nor for more members. */
    public static final NodeConfig CONFIG = NodeConfig.DEFAULT
            .withTopicDefault("durability", "os")
            .withGroups(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0));

    private final LogNode log;
    private final Listener listener;

    public ServedNode(Path directory) throws BindException {
        this(directory, CONFIG);
    }

    public ServedNode(Path directory, NodeConfig config) throws BindException {
        this(directory, config, 0);
    }

    ServedNode(Path directory, GroupLimits groups) throws BindException {
        this(directory, groups, 0);
    }

    /** At this port, or at a free one if it is 0. */
    ServedNode(Path directory, GroupLimits groups, int port) throws BindException {
        this(directory, CONFIG.withGroups(groups), port);
    }

    private ServedNode(Path directory, NodeConfig config, int port) throws BindException {
        log = LogNode.open(directory, config, SystemClock.INSTANCE).start((agent, fault) -> fault.printStackTrace());
        listener =
                Listener.open(log, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BrokerConfig.DEFAULT);
    }

    /** As {@code bootstrap.servers} wants it. */
    public String address() {
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
