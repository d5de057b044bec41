package io.millrace.conformance.admin;

import io.millrace.broker.config.NodeSettings;
import io.millrace.broker.net.Listener;
import io.millrace.kernel.SystemClock;
import io.millrace.node.LogNode;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A node of this process at a free port, configured under Kafka's names. */
final class ConfiguredNode implements AutoCloseable {

    private final LogNode log;
    private final Listener listener;

    ConfiguredNode(Path directory, Map<String, String> keys) throws BindException {
        var given = new HashMap<>(keys);
        given.put("durability", "os");
        given.put("group.initial.rebalance.delay.ms", "0");
        var settings = NodeSettings.of(given);
        log = LogNode.open(directory, settings.node(), SystemClock.INSTANCE)
                .start((agent, fault) -> fault.printStackTrace());
        listener = Listener.open(log, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), settings.broker());
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
