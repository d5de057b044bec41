package io.millrace.broker.net;

import io.millrace.broker.Authorizer;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Endpoint;
import io.millrace.broker.Principal;
import io.millrace.broker.RequestCounters;
import io.millrace.broker.Session;
import io.millrace.node.LogNode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves a log node to Kafka clients at one address: accepts connections and gives each to an event loop, which owns it from
 * then on. Opened after the node and closed before it, from any thread.
 */
public final class Listener implements AutoCloseable {

    /** What a listener is called that was given no name. */
    public static final String NAME = "PLAINTEXT";

    /** Accepts connections singly, so that limits of their number hold exactly. */
    private static final RecvByteBufAllocator ONE_BY_ONE =
            new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1);

    private final EventLoopGroup loops;
    private final Map<EventLoop, LoopSessions> sessions;
    private final Channel channel;
    private final Endpoint endpoint;
    private final RequestBudget budget;
    private final RequestCounters counters;

    private Listener(
            EventLoopGroup loops,
            Map<EventLoop, LoopSessions> sessions,
            Channel channel,
            Endpoint endpoint,
            BrokerNode node) {
        this.loops = loops;
        this.sessions = sessions;
        this.channel = channel;
        this.endpoint = endpoint;
        this.budget = node.budget();
        this.counters = node.counters();
    }

    /**
     * Listens, and returns when clients can connect. Everybody who can reach the address may do everything.
     *
     * @param address to bind; port 0 takes a free one
     * @throws BindException if the address cannot be bound, for instance because the port is in use
     */
    public static Listener open(LogNode log, InetSocketAddress address, BrokerConfig config) throws BindException {
        return open(log, address, config, Epoll.isAvailable());
    }

    /** @param hasEpoll whether sockets are polled by Linux's own means, otherwise by those of the JDK */
    static Listener open(LogNode log, InetSocketAddress address, BrokerConfig config, boolean hasEpoll)
            throws BindException {
        return open(
                BrokerNode.of(log, Authorizer.EVERYBODY, config, new RequestCounters()),
                address,
                channel -> endpoint(NAME, channel),
                hasEpoll);
    }

    /** The same, as one of several listeners of a node: see {@link Listeners}. */
    static Listener open(BrokerNode node, InetSocketAddress address, String name, @Nullable Endpoint advertised)
            throws BindException {
        return open(
                node,
                address,
                channel -> advertised == null ? endpoint(name, channel) : advertised,
                Epoll.isAvailable());
    }

    private static Listener open(
            BrokerNode node, InetSocketAddress address, Function<Channel, Endpoint> told, boolean hasEpoll)
            throws BindException {
        IoHandlerFactory io = hasEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(node.config().loops(), new DefaultThreadFactory("net", true), io);
        Map<EventLoop, LoopSessions> sessions = new HashMap<>();
        for (EventExecutor loop : loops) {
            sessions.put((EventLoop) loop, new LoopSessions((EventLoop) loop, node));
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(hasEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, ONE_BY_ONE)
                .handler(new ConnectionGate(node.connections()))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        begin(
                                accepted,
                                node,
                                Objects.requireNonNull(sessions.get(accepted.eventLoop())),
                                told.apply(accepted));
                    }
                });
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            stop(loops, sessions);
            BindException refused = new BindException(
                    "nothing can listen at " + address + ": " + bound.cause().getMessage());
            refused.initCause(bound.cause());
            throw refused;
        }
        return new Listener(loops, sessions, bound.channel(), told.apply(bound.channel()), node);
    }

    private static Endpoint endpoint(String name, Channel channel) {
        InetSocketAddress at = (InetSocketAddress) channel.localAddress();
        return new Endpoint(name, at.getAddress().getHostAddress(), at.getPort());
    }

    private static String clientHost(Channel accepted) {
        return "/" + ((InetSocketAddress) accepted.remoteAddress()).getAddress().getHostAddress();
    }

    private static void begin(Channel accepted, BrokerNode node, LoopSessions loop, Endpoint told) {
        accepted.pipeline()
                .addLast(new IdleStateHandler(
                        0, 0, node.config().connectionsMaxIdle().toMillis(), TimeUnit.MILLISECONDS))
                .addLast(new Connection(
                        loop,
                        new Session(loop.apis(), Principal.ANONYMOUS, told, clientHost(accepted)),
                        node.config().requestBytesMax()));
    }

    /** As clients are told. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Memory of requests that are not served yet, in bytes. */
    public long queuedRequestBytes() {
        return budget.usedBytes();
    }

    /** How much of it there may be. */
    public long queuedRequestBytesMax() {
        return budget.bytesMax();
    }

    /** What it was asked, together with those that were opened with the same counters. */
    public RequestCounters counters() {
        return counters;
    }

    /** Closes every connection, and returns when no thread of the listener runs any more. */
    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        stop(loops, sessions);
    }

    private static void stop(EventLoopGroup loops, Map<EventLoop, LoopSessions> sessions) {
        sessions.forEach((loop, owned) -> loop.submit(owned::close).syncUninterruptibly());
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
