package io.millrace.conformance.stock;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A stock Connect worker in distributed mode, in a process of its own, and what is asked of it over HTTP. */
final class ConnectWorker implements AutoCloseable {

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ASKED_MAX = 300;
    private static final long ASK_AGAIN_NS = 100_000_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ChildJvm process;
    private final int port;

    private ConnectWorker(ChildJvm process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param directory for its configuration and what it says */
    static ConnectWorker start(String bootstrap, Path directory, int round) throws IOException {
        var port = freePort();
        var config = directory.resolve("worker-" + round + ".properties");
        Files.write(
                config,
                List.of(
                        "bootstrap.servers=" + bootstrap,
                        "listeners=http://127.0.0.1:" + port,
                        "rest.advertised.host.name=127.0.0.1",
                        "group.id=connect",
                        "config.storage.topic=connect-configs",
                        "config.storage.replication.factor=1",
                        "offset.storage.topic=connect-offsets",
                        "offset.storage.replication.factor=1",
                        "offset.storage.partitions=5",
                        "status.storage.topic=connect-status",
                        "status.storage.replication.factor=1",
                        "key.converter=org.apache.kafka.connect.storage.StringConverter",
                        "value.converter=org.apache.kafka.connect.storage.StringConverter",
                        "exactly.once.source.support=enabled",
                        "consumer.isolation.level=read_committed",
                        "producer.transaction.timeout.ms=5000", // what it leaves open is aborted then
                        "consumer.session.timeout.ms=6000",
                        "consumer.heartbeat.interval.ms=500",
                        "offset.flush.interval.ms=500",
                        "plugin.discovery=service_load",
                        "session.timeout.ms=6000", // killed, it cannot say goodbye
                        "heartbeat.interval.ms=500",
                        "scheduled.rebalance.max.delay.ms=0"));
        return new ConnectWorker(
                ChildJvm.start(
                        directory.resolve("worker-" + round + ".txt"),
                        "org.apache.kafka.connect.cli.ConnectDistributed",
                        config.toString()),
                port);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Creates a connector or changes it; asks until the worker is ready for that. */
    void put(String connector, String config) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri("/connectors/" + connector + "/config"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(config))
                .build();
        String last = "";
        for (var asked = 0; asked < ASKED_MAX; asked++) {
            try {
                var response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == OK || response.statusCode() == CREATED) {
                    return;
                }
                last = response.statusCode() + " " + response.body();
            } catch (IOException notUpYet) {
                last = notUpYet.toString();
            }
            if (!process.isAlive()) {
                break;
            }
            LockSupport.parkNanos(ASK_AGAIN_NS);
        }
        throw new IllegalStateException(
                "worker does not take " + connector + ", last: " + last + "\n" + process.said());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String said() throws IOException {
        return process.said();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
