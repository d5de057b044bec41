package io.millrace.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.server.command.CommandRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerSettingsTest {

    @TempDir
    Path directory;

    private ServerSettings read(String yaml, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(directory.resolve("node.yaml"), yaml);
        return ServerSettings.of(file, environment, Map.of());
    }

    @Test
    void keysMayBeFlatOrNested() throws Exception {
        var settings = read("""
                node.id: 7
                log.dirs: /srv/millrace
                listeners: [CLIENTS://127.0.0.1:19092, OTHERS://127.0.0.1:19093]
                listener.security.protocol.map: CLIENTS:PLAINTEXT,OTHERS:PLAINTEXT
                advertised:
                  listeners: CLIENTS://kafka.example:9092
                num:
                  partitions: 12
                """, Map.of());

        assertThat(settings.node().node().nodeId()).isEqualTo(7);
        assertThat(settings.node().dataDirectory()).contains("/srv/millrace");
        assertThat(settings.node().broker().partitionsDefault()).isEqualTo(12);
        assertThat(settings.node().listeners()).extracting("port").containsExactly(19092, 19093);
        assertThat(settings.node().advertised().get("CLIENTS").host()).isEqualTo("kafka.example");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void aServerMakesNoTopicsUnlessItIsTold() throws Exception {
        assertThat(read("", Map.of()).node().broker().autoCreateTopics()).isFalse();
        assertThat(read("auto.create.topics.enable: true", Map.of())
                        .node()
                        .broker()
                        .autoCreateTopics())
                .isTrue();
    }

    @Test
    void theEnvironmentCountsMoreThanTheFileAndTheCommandLineMost() throws Exception {
        var environment = Map.of(
                "KAFKA_NUM_PARTITIONS", "2",
                "KAFKA_NODE_ID", "2",
                "MILLRACE_NUM_PARTITIONS", "3",
                "MILLRACE_BOOTSTRAP", "127.0.0.1:1",
                "MILLRACE_LOG_LEVEL", "warn");
        Path file = Files.writeString(directory.resolve("node.yaml"), "num.partitions: 1\nnode.id: 1\n");

        var settings = ServerSettings.of(file, environment, Map.of());
        assertThat(settings.node().broker().partitionsDefault()).isEqualTo(3);
        assertThat(settings.node().node().nodeId()).isEqualTo(2);
        assertThat(settings.warnings()).isEmpty();

        assertThat(ServerSettings.of(file, environment, Map.of("num.partitions", "4"))
                        .node()
                        .broker()
                        .partitionsDefault())
                .isEqualTo(4);
    }

    @Test
    void whatKubernetesSaysOfAServiceWithOurNameIsAWarning() throws Exception {
        var settings = read(
                "",
                Map.of(
                        "MILLRACE_SERVICE_HOST", "10.0.0.1",
                        "MILLRACE_PORT", "tcp://10.0.0.1:9092",
                        "MILLRACE_PORT_9092_TCP_ADDR", "10.0.0.1",
                        "MILLRACE_ADMIN_LISTENER", "none"));

        assertThat(settings.warnings()).hasSize(3).allMatch(warning -> warning.contains("does not count"));
        assertThat(settings.admin()).isEmpty();
    }

    @Test
    void whatTheImagesHaveAndWeHaveNotIsAWarning() throws Exception {
        var settings = read("", Map.of("KAFKA_HEAP_OPTS", "-Xmx1g", "KAFKA_PROCESS_ROLES", "broker,controller"));

        assertThat(settings.warnings())
                .anySatisfy(warning -> assertThat(warning).contains("KAFKA_HEAP_OPTS does not count"))
                .anySatisfy(warning -> assertThat(warning).contains("process.roles"));
    }

    @Test
    void anAddressThatOthersReachMustBeAskedForByName() throws Exception {
        assertThatThrownBy(() -> read("listeners: PLAINTEXT://0.0.0.0:9092", Map.of()))
                .isInstanceOf(CommandRefused.class)
                .hasMessageContaining("would be reached by other machines")
                .hasMessageContaining("insecure=true");
        assertThatThrownBy(() -> read("listeners: PLAINTEXT://:9092", Map.of())).hasMessageContaining("insecure=true");

        var settings = read("insecure: true\nlisteners: PLAINTEXT://0.0.0.0:9092", Map.of());
        assertThat(settings.node().listeners()).hasSize(1);
        assertThatThrownBy(() -> read("insecure: perhaps", Map.of())).hasMessageContaining("true or false");
        assertThatThrownBy(() -> read("admin.listener: 0.0.0.0:80", Map.of())).hasMessageContaining("loopback");
        assertThat(read("admin.listener: none", Map.of()).admin()).isEmpty();
    }

    @Test
    void aMistakeIsNamed() throws Exception {
        assertThatThrownBy(() -> read("log.retention.mss: 5", Map.of()))
                .hasMessageContaining("unknown key 'log.retention.mss'")
                .hasMessageContaining("log.retention.ms");
        assertThatThrownBy(() -> read("MILLRACE", Map.of())).hasMessageContaining("must hold keys and values");
        assertThatThrownBy(() -> read("a: [", Map.of())).hasMessageContaining("is no YAML");
        assertThatThrownBy(() -> read("num.partitions: 1\nnum: {partitions: 2}", Map.of()))
                .hasMessageContaining("says num.partitions twice");
        assertThat(read("", Map.of("MILLRACE_NUM_PARTITION", "1")).warnings())
                .singleElement()
                .asString()
                .contains("the nearest is num.partitions");
        assertThatThrownBy(() -> ServerSettings.of(directory.resolve("none"), Map.of(), Map.of()))
                .hasMessageContaining("cannot be read");
    }
}
