package io.millrace.broker.net;

import io.millrace.broker.Authorizer;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Endpoint;
import io.millrace.broker.RequestCounters;
import io.millrace.node.LogNode;
import java.net.BindException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Opens the listeners of one node. What connections and requests may take, {@code max.connections},
 * {@code max.connections.per.ip} and {@code queued.max.request.bytes}, they take together. Any thread; who opens a listener
 * closes it.
 */
public final class Listeners {

    private final BrokerNode node;

    /**
     * @param log which is opened before and closed after the listeners
     * @param counters of what is asked
     */
    public Listeners(LogNode log, BrokerConfig config, RequestCounters counters) {
        this.node = BrokerNode.of(log, Authorizer.EVERYBODY, config, counters);
    }

    /**
     * Listens, and returns when clients can connect. Everybody who can reach the address may do everything.
     *
     * @param address to bind; port 0 takes a free one
     * @param name of the listener
     * @param advertised host and port that clients are told; null for those at which they came in
     * @throws BindException if the address cannot be bound, for instance because the port is in use
     */
    public Listener open(InetSocketAddress address, String name, @Nullable Endpoint advertised) throws BindException {
        return Listener.open(node, address, name, advertised);
    }
}
