package io.millrace.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.config.NodeSettings;
import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.NodeAddress;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningNodeIT {

    @TempDir
    Path directory;

    private RunningNode node;

    private RunningNode open(Map<String, String> keys) throws BindException {
        var settings = NodeSettings.of(keys);
        node = RunningNode.open(
                directory, settings.node(), settings.broker(), (agent, fault) -> fault.printStackTrace());
        return node;
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static HttpResponse<String> get(NodeAddress at, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + at + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void healthAndMetricsAreAnswered() throws Exception {
        open(Map.of());
        var endpoint = node.listen(0);
        var admin = node.serveAdmin(new NodeAddress("127.0.0.1", 0));
        told(endpoint.port());

        assertThat(get(admin, "/health/live").statusCode()).isEqualTo(200);
        assertThat(get(admin, "/health/ready").body()).isEqualTo("ok\n");
        assertThat(get(admin, "/metrics").body())
                .contains("millrace_log_batches_total", "millrace_transactions_committed_total", "millrace_ready 1.0")
                .contains("millrace_requests_total{api=\"Metadata\"} 1.0")
                .containsPattern("millrace_response_bytes_total\\{api=\"Metadata\"} [1-9]")
                .contains("millrace_request_duration_seconds_count{api=\"Metadata\"} 1")
                .contains("millrace_connections_opened_total 1.0", "millrace_partitions 100.0");
        assertThat(get(admin, "/").statusCode()).isEqualTo(404);
        assertThatThrownBy(() -> node.serveAdmin(admin)).isInstanceOf(BindException.class);
    }

    @Test
    void eachListenerTellsItsOwnClientsWhereTheNodeIs() throws Exception {
        var settings = NodeSettings.of(Map.of(
                "listeners", "INSIDE://127.0.0.1:0,OUTSIDE://127.0.0.1:0",
                "listener.security.protocol.map", "INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT",
                "advertised.listeners", "OUTSIDE://kafka.example:9094"));
        open(Map.of());
        var inside = node.listen(settings.listeners().get(0), null);
        var outside = settings.listeners().get(1);
        assertThat(node.listen(outside, settings.advertised().get("OUTSIDE")).port())
                .isEqualTo(9094);

        assertThat(told(inside.port())).isEqualTo(new NodeAddress("127.0.0.1", inside.port()));
        // The port that was bound is not told to anybody; a third listener shows what its clients are told.
        var advertised = settings.advertised().get("OUTSIDE");
        int bound = freePort();
        node.listen(new io.millrace.broker.config.ListenerSpec("THIRD", "127.0.0.1", bound), advertised);
        assertThat(told(bound)).isEqualTo(new NodeAddress("kafka.example", 9094));
    }

    private static int freePort() throws Exception {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static NodeAddress told(int port) {
        try (var client = ClusterClient.open(List.of(new NodeAddress("127.0.0.1", port)))) {
            return client.nodes().values().iterator().next();
        }
    }
}
