package io.millrace.broker.net;

import io.millrace.broker.NetworkLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the connections of a listener. Over {@code max.connections} no more are accepted until one ends; over
 * {@code max.connections.per.ip} a new one is closed at once. On the event loop that accepts.
 */
@Sharable
final class ConnectionLimits extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

    private final NetworkLimits limits;
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private int count;

    ConnectionLimits(NetworkLimits limits) {
        this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext acceptor, Object message) {
        Channel accepted = (Channel) message;
        InetSocketAddress remote = (InetSocketAddress) accepted.remoteAddress();
        InetAddress address = remote == null ? InetAddress.getLoopbackAddress() : remote.getAddress();
        if (byAddress.getOrDefault(address, 0) >= limits.connectionsPerIpMax()) {
            LOG.info(
                    "connection={} closed: its address has {} already (max.connections.per.ip)",
                    remote,
                    limits.connectionsPerIpMax());
            accepted.unsafe().closeForcibly();
            return;
        }
        byAddress.merge(address, 1, Integer::sum);
        count++;
        if (count >= limits.connectionsMax()) {
            LOG.info("there are {} connections, no more are accepted until one ends (max.connections)", count);
            acceptor.channel().config().setAutoRead(false);
        }
        accepted.closeFuture().addListener(closed -> acceptor.executor().execute(() -> ended(acceptor, address)));
        acceptor.fireChannelRead(accepted);
    }

    private void ended(ChannelHandlerContext acceptor, InetAddress address) {
        byAddress.computeIfPresent(address, (ignored, connections) -> connections == 1 ? null : connections - 1);
        count--;
        if (count < limits.connectionsMax()) {
            acceptor.channel().config().setAutoRead(true);
        }
    }
}
