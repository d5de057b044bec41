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

/** A node of this process that keeps its address from one life to the next, so that clients find it again. */
final class RestartableNode implements AutoCloseable {

    private final Path directory;
    private LogNode log;
    private Listener listener;

    RestartableNode(Path directory) throws BindException {
        this.directory = directory;
        open(0);
    }

    private void open(int port) throws BindException {
        var config = NodeConfig.DEFAULT.withGroups(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0));
        log = LogNode.open(directory, config, SystemClock.INSTANCE).start((agent, fault) -> fault.printStackTrace());
        listener =
                Listener.open(log, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BrokerConfig.DEFAULT);
    }

    void restart() throws BindException {
        var port = listener.endpoint().port();
        close();
        open(port);
    }

    /** As {@code bootstrap.servers} wants it. */
    String address() {
        return listener.endpoint().host() + ":" + listener.endpoint().port();
    }

    @Override
    public void close() {
        listener.close();
        log.close();
    }
}
