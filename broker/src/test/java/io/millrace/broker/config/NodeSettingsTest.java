package io.millrace.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.config.NodeKey.Treatment;
import io.millrace.coordinator.GroupLimits;
import io.millrace.coordinator.TransactionLimits;
import io.millrace.log.LogConfig;
import io.millrace.log.TopicSynonyms;
import io.millrace.node.DiskLimits;
import io.millrace.node.NodeConfig;
import io.millrace.node.ScrubLimits;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeSettingsTest {

    @Test
    void nothingGivenIsKafkasDefaults() {
        var settings = NodeSettings.of(Map.of());

        assertThat(settings.broker()).isEqualTo(BrokerConfig.DEFAULT);
        assertThat(settings.node().nodeId()).isEqualTo(NodeConfig.DEFAULT.nodeId());
        assertThat(settings.node().topicDefaults()).isEmpty();
        assertThat(settings.node().groups()).isEqualTo(GroupLimits.DEFAULT);
        assertThat(settings.node().transactions()).isEqualTo(TransactionLimits.DEFAULT);
        assertThat(settings.node().disk()).isEqualTo(DiskLimits.DEFAULT);
        assertThat(settings.node().scrub()).isEqualTo(ScrubLimits.DEFAULT);
        assertThat(settings.node().maintenanceInterval()).isEqualTo(NodeConfig.DEFAULT.maintenanceInterval());
        assertThat(settings.node().producerExpirationMs()).isEqualTo(NodeConfig.DEFAULT.producerExpirationMs());
        assertThat(settings.listeners()).containsExactly(new ListenerSpec("PLAINTEXT", "127.0.0.1", 9092));
        assertThat(settings.dataDirectory()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void knowsEveryKeyOfKafka() {
        assertThat(NodeKeys.all()).hasSize(360 + 3 + 6);
        assertThat(NodeKeys.all()).allSatisfy(key -> {
            assertThat(key.text()).endsWith(".");
            var value = key.defaultValue();
            if (value != null && key.treatment() == Treatment.HONOURED) {
                assertThat(key.problem(value)).as(key.name()).isEmpty();
            }
        });
    }

    @Test
    void aTopicsDefaultsHaveTheSameValuesUnderBothNames() {
        for (var topicKey : LogConfig.KEYS) {
            var defaults = new java.util.HashMap<String, String>();
            for (var synonym : TopicSynonyms.of(topicKey.name())) {
                var value = NodeKeys.require(synonym.nodeKey()).defaultValue();
                if (value != null) {
                    defaults.put(synonym.nodeKey(), value);
                }
            }
            if (!defaults.isEmpty()) {
                assertThat(TopicSynonyms.topicDefaults(defaults))
                        .containsExactly(Map.entry(topicKey.name(), topicKey.defaultValue()));
            }
        }
    }

    @Test
    void theFinestUnitWins() {
        var given = Map.of("log.retention.hours", "2", "log.retention.minutes", "3", "log.roll.hours", "1");

        assertThat(NodeSettings.of(given).node().topicDefaults())
                .containsOnly(Map.entry("retention.ms", "180000"), Map.entry("segment.ms", "3600000"));
        assertThat(NodeSettings.of(Map.of("log.retention.hours", "-1")).node().topicDefaults())
                .containsEntry("retention.ms", "-1");
    }

    @Test
    void whatIsHarmlessIsAWarningAndWhatWouldPromiseTooMuchIsRefused() {
        var settings = NodeSettings.of(Map.of("num.io.threads", "16", "ssl.client.auth", "none"));

        assertThat(settings.warnings()).singleElement().asString().startsWith("num.io.threads=16: ");
        assertThatThrownBy(() -> NodeSettings.of(Map.of("ssl.client.auth", "required", "retention.hours", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ssl.client.auth=required: Listeners are plain text")
                .hasMessageContaining("unknown key 'retention.hours'; did you mean 'log.retention.hours'?");
        assertThatThrownBy(() -> NodeSettings.of(Map.of("ssl.key.password", "secret")))
                .message()
                .doesNotContain("secret");
    }

    @Test
    void aValueOutOfRangeIsNamed() {
        assertThatThrownBy(() -> NodeSettings.of(Map.of("num.partitions", "0", "log.segment.bytes", "7")))
                .hasMessageContaining("num.partitions must be at least 1, not '0'")
                .hasMessageContaining("log.segment.bytes: segment.bytes must be at least 1048576");
        assertThatThrownBy(() -> NodeSettings.of(Map.of("auto.create.topics.enable", "yes")))
                .hasMessageContaining("must be of type BOOLEAN");
    }

    @Test
    void theSettingsOfAnImageForOneNodeWork() {
        var settings = NodeSettings.of(Map.of(
                "node.id", "3",
                "process.roles", "broker,controller",
                "listeners", "PLAINTEXT://0.0.0.0:9092,CONTROLLER://:9093",
                "advertised.listeners", "PLAINTEXT://broker.example:19092",
                "controller.listener.names", "CONTROLLER",
                "listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "controller.quorum.voters", "3@localhost:9093",
                "offsets.topic.replication.factor", "1",
                "log.dirs", "/data",
                "connections.max.idle.ms", "1000"));

        assertThat(settings.node().nodeId()).isEqualTo(3);
        assertThat(settings.listeners()).containsExactly(new ListenerSpec("PLAINTEXT", "0.0.0.0", 9092));
        assertThat(settings.advertised())
                .containsOnly(Map.entry("PLAINTEXT", new ListenerSpec("PLAINTEXT", "broker.example", 19092)));
        assertThat(settings.dataDirectory()).contains("/data");
        assertThat(settings.broker().connectionsMaxIdle()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aListenerThatShallBeSecureIsRefused() {
        assertThatThrownBy(() -> NodeSettings.of(Map.of("listeners", "SSL://localhost:9093")))
                .hasMessageContaining("listener SSL speaks SSL");
        assertThatThrownBy(() -> NodeSettings.of(Map.of("advertised.listeners", "OUTSIDE://host:1")))
                .hasMessageContaining("OUTSIDE, which is not in listeners");
    }
}
