package io.millrace.broker.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections of one listener in as far as the node's {@link ConnectionLimits} allow. Over {@code max.connections} the
 * next one is held, and none accepted behind it, until one ends; over {@code max.connections.per.ip} a new one is closed at
 * once. On the event loop that accepts.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do with what could not be told
final class ConnectionGate extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGate.class);

    private final ConnectionLimits limits;
    private Runnable onRoom = () -> {};
    private @Nullable Channel held;

    ConnectionGate(ConnectionLimits limits) {
        this.limits = limits;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext acceptor) {
        onRoom = () -> {
            try {
                acceptor.executor().execute(() -> letIn(acceptor));
            } catch (RejectedExecutionException e) {
                LOG.debug("a listener that has ended lets nobody in");
            }
        };
    }

    @Override
    public void channelRead(ChannelHandlerContext acceptor, Object message) {
        Channel accepted = (Channel) message;
        if (!limits.takeFrom(address(accepted))) {
            LOG.info(
                    "connection={} closed: its address has {} already (max.connections.per.ip)",
                    accepted.remoteAddress(),
                    limits.limits().connectionsPerIpMax());
            accepted.unsafe().closeForcibly();
            return;
        }
        held = accepted;
        letIn(acceptor);
    }

    private static InetAddress address(Channel accepted) {
        InetSocketAddress remote = (InetSocketAddress) accepted.remoteAddress();
        return remote == null ? InetAddress.getLoopbackAddress() : remote.getAddress();
    }

    private void letIn(ChannelHandlerContext acceptor) {
        Channel next = held;
        if (next == null) {
            return;
        }
        if (!limits.take(onRoom)) {
            if (acceptor.channel().config().isAutoRead()) {
                LOG.info(
                        "there are {} connections, no more are accepted until one ends (max.connections)",
                        limits.limits().connectionsMax());
                acceptor.channel().config().setAutoRead(false);
            }
            return;
        }
        held = null;
        InetAddress from = address(next);
        next.closeFuture().addListener(closed -> {
            limits.giveFrom(from);
            limits.give();
        });
        acceptor.fireChannelRead(next);
        acceptor.channel().config().setAutoRead(true);
    }

    @Override
    public void channelInactive(ChannelHandlerContext acceptor) {
        limits.forget(onRoom);
        Channel waiting = held;
        if (waiting != null) {
            held = null;
            limits.giveFrom(address(waiting));
            waiting.unsafe().closeForcibly();
        }
        acceptor.fireChannelInactive();
    }
}
