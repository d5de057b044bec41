package io.millrace.server;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Endpoint;
import io.millrace.coordinator.GroupLimits;
import io.millrace.node.NodeConfig;
import io.millrace.server.client.NodeAddress;
import io.millrace.server.command.CommandRefused;
import io.millrace.server.command.StopRequest;
import io.millrace.server.node.RunningNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** A node for this machine alone, served to Kafka clients until it is stopped. */
final class DevNode {

    private static final int PORTS_TRIED = 20;

    private final DevOptions options;
    private final PrintWriter out;
    private final PrintWriter err;

    DevNode(DevOptions options, PrintWriter out, PrintWriter err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /** Opens a port. */
    @FunctionalInterface
    private interface Opening<T> {
        T at(int port) throws IOException;
    }

    /** Returns the exit code, when it is stopped. */
    int run() throws InterruptedException, IOException {
        if (!options.durability().equals("disk") && !options.durability().equals("os")) {
            throw new CommandRefused("--durability must be disk or os.");
        }
        AtomicBoolean failed = new AtomicBoolean();
        NodeConfig config = NodeConfig.DEFAULT
                .withTopicDefault("durability", options.durability())
                .withGroups(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0));
        try (StopRequest stop = new StopRequest();
                RunningNode node = RunningNode.open(
                        options.dataDirectory().resolve("log"), config, BrokerConfig.DEFAULT, (agent, fault) -> {
                            failed.set(true);
                            stop.ask(); // before what may fail for want of memory
                            fault.printStackTrace(err);
                        })) {
            Endpoint clients = firstFree(options.port(), node::listen);
            String loopback = InetAddress.getLoopbackAddress().getHostAddress();
            NodeAddress admin =
                    firstFree(options.adminPort(), tried -> node.serveAdmin(new NodeAddress(loopback, tried)));
            showReady(clients, admin);
            if (!options.exitWhenReady()) {
                stop.await();
            }
        }
        return failed.get() ? MillraceCommand.REFUSED : 0;
    }

    /** Where several nodes are tried out beside each other, each takes the next port. */
    private <T> T firstFree(int first, Opening<T> opening) throws IOException {
        for (int tried = first; ; tried++) {
            try {
                return opening.at(tried);
            } catch (BindException e) {
                if (first == 0 || tried - first >= PORTS_TRIED) {
                    throw new CommandRefused(e.getMessage() == null ? e.toString() : e.getMessage());
                }
                out.println("Port " + tried + " is in use; trying " + (tried + 1) + ".");
            }
        }
    }

    private void showReady(Endpoint clients, NodeAddress admin) {
        String address = clients.host() + ":" + clients.port();
        String option =
                options.port() == clients.port() && options.port() == NodeAddress.DEFAULT_PORT ? "" : " -b " + address;
        out.println("Millrace is ready.");
        out.println("  Kafka clients  " + address);
        out.println("  admin          http://" + admin + "/metrics");
        out.println(
                "  data           " + options.dataDirectory().toAbsolutePath().normalize());
        out.println("  durability     "
                + (options.durability().equals("disk")
                        ? "disk: acknowledged is on the disk"
                        : "os: acknowledged is with the operating system"));
        out.println();
        out.println("Try, or use any Kafka client:");
        out.println("  echo hello | ./millrace produce greetings" + option);
        out.println("  ./millrace consume greetings --follow" + option);
        out.flush();
    }
}
