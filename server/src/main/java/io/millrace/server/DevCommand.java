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
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts a node for this machine alone and serves it to Kafka clients until it is stopped. */
@Command(
        name = "dev",
        description = "Starts a node on this machine that Kafka clients can use. Ctrl-C stops it; the data stay.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class DevCommand implements Callable<Integer> {

    private static final int PORTS_TRIED = 20;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "9092",
            paramLabel = "PORT",
            description = "The first port to try; default 9092.")
    private int port;

    @Option(
            names = "--admin-port",
            defaultValue = "9644",
            paramLabel = "PORT",
            description = "The first port to try for health and metrics; default 9644.")
    private int adminPort;

    @Option(
            names = "--data-dir",
            defaultValue = "millrace-data",
            paramLabel = "DIRECTORY",
            description = "Where the data are; default ./millrace-data.")
    private Path dataDirectory;

    @Option(
            names = "--durability",
            defaultValue = "disk",
            paramLabel = "disk|os",
            description =
                    "When a record is acknowledged: on the disk (default), or with the operating system, as Kafka does.")
    private String durability;

    @Option(
            names = "--exit-when-ready",
            hidden = true,
            description = "For the launcher, which lets Java remember the classes that a start needs.")
    private boolean exitWhenReady;

    /** Opens a port. */
    @FunctionalInterface
    private interface Opening<T> {
        T at(int port) throws IOException;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (!durability.equals("disk") && !durability.equals("os")) {
            throw new CommandRefused("--durability must be disk or os.");
        }
        PrintWriter err = spec.commandLine().getErr();
        AtomicBoolean failed = new AtomicBoolean();
        NodeConfig config = NodeConfig.DEFAULT
                .withTopicDefault("durability", durability)
                .withGroups(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0));
        try (StopRequest stop = new StopRequest();
                RunningNode node =
                        RunningNode.open(dataDirectory.resolve("log"), config, BrokerConfig.DEFAULT, (agent, fault) -> {
                            fault.printStackTrace(err);
                            failed.set(true);
                            stop.ask();
                        })) {
            Endpoint clients = firstFree(port, node::listen);
            String loopback = InetAddress.getLoopbackAddress().getHostAddress();
            NodeAddress admin = firstFree(adminPort, tried -> node.serveAdmin(new NodeAddress(loopback, tried)));
            showReady(spec.commandLine().getOut(), clients, admin);
            if (!exitWhenReady) {
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
                spec.commandLine().getOut().println("Port " + tried + " is in use; trying " + (tried + 1) + ".");
            }
        }
    }

    private void showReady(PrintWriter out, Endpoint clients, NodeAddress admin) {
        String address = clients.host() + ":" + clients.port();
        String option = port == clients.port() && port == NodeAddress.DEFAULT_PORT ? "" : " -b " + address;
        out.println("Millrace is ready.");
        out.println("  Kafka clients  " + address);
        out.println("  admin          http://" + admin + "/metrics");
        out.println("  data           " + dataDirectory.toAbsolutePath().normalize());
        out.println("  durability     "
                + (durability.equals("disk")
                        ? "disk: acknowledged is on the disk"
                        : "os: acknowledged is with the operating system"));
        out.println();
        out.println("Try, or use any Kafka client:");
        out.println("  echo hello | ./millrace produce greetings" + option);
        out.println("  ./millrace consume greetings --follow" + option);
        out.flush();
    }
}
