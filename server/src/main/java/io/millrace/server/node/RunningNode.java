package io.millrace.server.node;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Endpoint;
import io.millrace.broker.RequestCounters;
import io.millrace.broker.config.ListenerSpec;
import io.millrace.broker.net.Listener;
import io.millrace.broker.net.Listeners;
import io.millrace.kernel.FaultHandler;
import io.millrace.kernel.SystemClock;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.server.client.NodeAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A log and everything by which it is reached. Opened in order, closed in reverse. Decides nothing.
 *
 * <p>Life: {@link #open}, any number of listeners, perhaps {@link #serveAdmin}, {@link #close}.
 */
public final class RunningNode implements AutoCloseable {

    private final LogNode log;
    private final Listeners opener;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Throwable> fault;
    private @Nullable AdminServer admin;

    private RunningNode(LogNode log, BrokerConfig broker, AtomicReference<@Nullable Throwable> fault) {
        this.log = log;
        this.opener = new Listeners(log, broker, new RequestCounters());
        this.fault = fault;
    }

    /**
     * Opens a data directory and starts its agents.
     *
     * @param onFault told when an agent has failed, after which nothing is served any more
     */
    public static RunningNode open(Path directory, NodeConfig config, BrokerConfig broker, FaultHandler onFault) {
        AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
        LogNode log = LogNode.open(directory, config, SystemClock.INSTANCE);
        log.start((agent, failure) -> {
            fault.set(failure);
            onFault.onFault(agent, failure);
        });
        return new RunningNode(log, broker, fault);
    }

    /**
     * Listens on the loopback interface.
     *
     * @throws BindException if the port is in use
     */
    public Endpoint listen(int port) throws BindException {
        return listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Listener.NAME, null);
    }

    /**
     * Listens as it is configured.
     *
     * @param advertised what clients are told; null for the address at which they came
     * @throws BindException if the address cannot be had
     */
    public Endpoint listen(ListenerSpec spec, @Nullable ListenerSpec advertised) throws BindException {
        return listen(address(spec), spec.name(), told(advertised));
    }

    private Endpoint listen(InetSocketAddress address, String name, @Nullable Endpoint told) throws BindException {
        Listener listener = opener.open(address, name, told);
        listeners.add(listener);
        return listener.endpoint();
    }

    private static InetSocketAddress address(ListenerSpec spec) throws BindException {
        if (spec.host().isEmpty()) {
            return new InetSocketAddress(spec.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(spec.host()), spec.port());
        } catch (UnknownHostException e) {
            throw new BindException("listener " + spec.name() + ": there is no host " + spec.host());
        }
    }

    private static @Nullable Endpoint told(@Nullable ListenerSpec advertised) {
        return advertised == null ? null : new Endpoint(advertised.name(), advertised.host(), advertised.port());
    }

    /** Answers {@code /metrics}, {@code /health/live} and {@code /health/ready}. */
    public NodeAddress serveAdmin(NodeAddress at) throws IOException {
        ProcessHealth health = new ProcessHealth(log, fault::get, List::of);
        AdminServer opened = AdminServer.open(
                at, health, () -> new ProcessMeters(log, () -> List.copyOf(listeners), List::of, health));
        admin = opened;
        return opened.address();
    }

    /** The log itself. */
    public LogNode log() {
        return log;
    }

    @Override
    public void close() {
        AdminServer opened = admin;
        if (opened != null) {
            opened.close();
        }
        for (int i = listeners.size() - 1; i >= 0; i--) {
            listeners.get(i).close();
        }
        log.close();
    }
}
