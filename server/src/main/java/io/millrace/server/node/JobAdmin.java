package io.millrace.server.node;

import io.millrace.broker.net.KafkaService.ServedListener;
import io.millrace.broker.net.Listener;
import io.millrace.node.NodeService;
import io.millrace.server.client.NodeAddress;
import io.millrace.streams.AdminService;
import io.millrace.streams.Millrace;
import java.io.IOException;
import java.util.List;

/**
 * Health and metrics of a process that runs jobs, at the same paths as a node's. Made by {@link java.util.ServiceLoader}; without
 * state, for any thread.
 */
public final class JobAdmin implements AdminService {

    /** For the loader. */
    public JobAdmin() {}

    @Override
    public NodeService.Served serve(Millrace millrace, String host, int port) throws IOException {
        ProcessHealth health =
                new ProcessHealth(millrace.node(), () -> millrace.fault().orElse(null), millrace::jobs);
        AdminServer server = AdminServer.open(
                new NodeAddress(host, port),
                health,
                () -> new ProcessMeters(millrace.node(), () -> listeners(millrace), millrace::jobs, health));
        return new NodeService.Served() {
            @Override
            public String address() {
                return server.address().toString();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    private static List<Listener> listeners(Millrace millrace) {
        return millrace.listeners().stream()
                .filter(ServedListener.class::isInstance)
                .map(served -> ((ServedListener) served).listener())
                .toList();
    }
}
