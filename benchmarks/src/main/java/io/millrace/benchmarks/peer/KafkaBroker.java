package io.millrace.benchmarks.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/**
 * One Apache Kafka broker, also its own controller, in a process of its own on 127.0.0.1, with the defaults of its
 * distribution except for what a single node needs.
 */
public final class KafkaBroker implements AutoCloseable {

    private static final int START_SECONDS_MAX = 60;

    private final Process process;
    private final String address;

    private KafkaBroker(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Formats a new directory and starts a broker in it.
     *
     * @param syncEachBatch whether the broker forces every append to disk before it answers ({@code flush.messages=1})
     */
    public static KafkaBroker start(Path directory, boolean syncEachBatch) throws Exception {
        return start(directory, syncEachBatch ? Map.of("log.flush.interval.messages", "1") : Map.of());
    }

    /** Formats a new directory and starts a broker in it, which has these configurations besides. */
    public static KafkaBroker start(Path directory, Map<String, String> more) throws Exception {
        int port = freePort();
        int controllerPort = freePort();
        String address = "127.0.0.1:" + port;
        Path config = directory.resolve("server.properties");
        List<String> lines = new ArrayList<>(List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.bootstrap.servers=127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://" + address + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners=PLAINTEXT://" + address,
                "controller.listener.names=CONTROLLER",
                "log.dirs=" + directory.resolve("logs"),
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "group.initial.rebalance.delay.ms=0"));
        more.forEach((key, value) -> lines.add(key + "=" + value));
        Files.write(config, lines);
        run(
                directory,
                "kafka.tools.StorageTool",
                "format",
                "--standalone",
                "-t",
                Uuid.randomUuid().toString(),
                "-c",
                config.toString());
        Process process = launch(directory, List.of("-Xms1g", "-Xmx1g"), "kafka.Kafka", config.toString());
        KafkaBroker broker = new KafkaBroker(process, address);
        broker.awaitReady();
        return broker;
    }

    public String address() {
        return address;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        Processes.awaitEnd(process);
    }

    private void awaitReady() throws Exception {
        Map<String, Object> config =
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address, "reconnect.backoff.max.ms", 200);
        try (Admin admin = Admin.create(config)) {
            admin.describeCluster().nodes().get(START_SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    private static void run(Path directory, String mainClass, String... args) throws Exception {
        Process process = launch(directory, List.of(), mainClass, args);
        if (process.waitFor() != 0) {
            throw new IOException(mainClass + " failed; see " + directory.resolve(mainClass + ".out"));
        }
    }

    private static Process launch(Path directory, List<String> jvmArgs, String mainClass, String... args)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(jvmArgs);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(mainClass + ".out").toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }
}
