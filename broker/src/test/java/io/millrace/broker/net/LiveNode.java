package io.millrace.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.NetworkLimits;
import io.millrace.client.NewTopic;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.log.LogStorage;
import io.millrace.log.MemoryLogStorage;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.netty.channel.epoll.Epoll;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A node, in memory unless said otherwise, with threads of its own, at a free port. */
final class LiveNode implements AutoCloseable {

    private static final Duration WAIT_MAX = Duration.ofSeconds(20);

    private final LogNode log;
    private final Listener listener;

    LiveNode(NetworkLimits limits) throws BindException {
        this(new MemoryLogStorage(), limits, true);
    }

    /** @param usesEpoll if there is epoll */
    LiveNode(LogStorage storage, NetworkLimits limits, boolean usesEpoll) throws BindException {
        log = LogNode.open(storage, NodeConfig.DEFAULT.withTopicDefault("durability", "os"), SystemClock.INSTANCE)
                .start((agent, fault) -> fault.printStackTrace());
        BrokerConfig config = BrokerConfig.DEFAULT.withNetwork(limits);
        listener = Listener.open(
                log,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                config,
                usesEpoll && Epoll.isAvailable());
    }

    LogNode log() {
        return log;
    }

    int port() {
        return listener.endpoint().port();
    }

    Listener listener() {
        return listener;
    }

    void createTopic(String name, int partitions) throws InterruptedException {
        Waiter waiter = new Waiter();
        try (var client = log.newClient(waiter)) {
            var created = client.createTopic(new NewTopic(name, partitions));
            assertThat(waiter.await(
                            () -> {
                                client.poll(SystemClock.INSTANCE.wallMs());
                                return created.isDone();
                            },
                            WAIT_MAX,
                            SystemClock.INSTANCE))
                    .isTrue();
            created.value();
        }
    }

    /** Waits for what the node will do, and fails if it does not. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        assertThat(new Waiter().await(condition, WAIT_MAX, SystemClock.INSTANCE))
                .isTrue();
    }

    @Override
    public void close() {
        listener.close();
        log.close();
    }
}
