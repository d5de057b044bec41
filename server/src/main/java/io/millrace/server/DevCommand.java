package io.millrace.server;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.net.Listener;
import io.millrace.coordinator.GroupLimits;
import io.millrace.kernel.SystemClock;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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

    @Override
    public Integer call() throws InterruptedException {
        if (!durability.equals("disk") && !durability.equals("os")) {
            throw new CommandRefused("--durability must be disk or os.");
        }
        var out = spec.commandLine().getOut();
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        var failed = new CountDownLatch(1);
        try (var node = LogNode.open(
                dataDirectory.resolve("log"),
                NodeConfig.DEFAULT
                        .withTopicDefault("durability", durability)
                        .withGroups(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0)),
                SystemClock.INSTANCE)) {
            node.start((agent, fault) -> {
                fault.printStackTrace(spec.commandLine().getErr());
                failed.countDown();
                stop.countDown();
            });
            try (var listener = listen(node, out)) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    stop.countDown();
                    awaitQuietly(stopped);
                }));
                showReady(out, listener);
                stop.await();
            }
        }
        stopped.countDown();
        return failed.getCount() == 0 ? MillraceCommand.REFUSED : 0;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Listener listen(LogNode node, PrintWriter out) {
        for (int tried = port; ; tried++) {
            try {
                return Listener.open(
                        node, new InetSocketAddress(InetAddress.getLoopbackAddress(), tried), BrokerConfig.DEFAULT);
            } catch (BindException e) {
                if (tried - port >= PORTS_TRIED) {
                    throw new CommandRefused(e.getMessage() == null ? e.toString() : e.getMessage());
                }
                out.println("Port " + tried + " is in use; trying " + (tried + 1) + ".");
            }
        }
    }

    private void showReady(PrintWriter out, Listener listener) {
        var address = listener.endpoint().host() + ":" + listener.endpoint().port();
        out.println("Millrace is ready.");
        out.println("  Kafka clients  " + address);
        out.println("  data           " + dataDirectory.toAbsolutePath().normalize());
        out.println("  durability     "
                + (durability.equals("disk")
                        ? "disk: acknowledged is on the disk"
                        : "os: acknowledged is with the operating system"));
        out.println();
        out.println("Try:");
        out.println("  echo hello | kcat -P -b " + address + " -t greetings");
        out.println("  kcat -C -b " + address + " -t greetings -o beginning -e");
        out.flush();
    }
}
