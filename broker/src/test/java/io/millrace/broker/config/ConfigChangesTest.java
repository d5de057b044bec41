package io.millrace.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.config.ConfigEdit.Operation;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.node.SettingsChange;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConfigChangesTest {

    private static List<ConfigEdit> edit(Operation operation, String key, String value) {
        return List.of(new ConfigEdit(key, operation, value));
    }

    private static void assertRefused(ErrorCode error, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining(words);
    }

    @Test
    void aListGrowsAndShrinksFromItsDefault() {
        SettingsChange append = ConfigChanges.ofTopic(edit(Operation.APPEND, "cleanup.policy", "compact,delete"));
        SettingsChange subtract = ConfigChanges.ofTopic(edit(Operation.SUBTRACT, "cleanup.policy", "delete"));

        assertThat(append.apply(Map.of())).isEqualTo(Map.of("cleanup.policy", "delete,compact"));
        assertThat(subtract.apply(Map.of())).isEqualTo(Map.of("cleanup.policy", ""));
        assertThat(subtract.apply(Map.of("cleanup.policy", "compact, delete")))
                .isEqualTo(Map.of("cleanup.policy", "compact"));
        assertRefused(ErrorCode.INVALID_CONFIG, "not LIST", () -> ConfigChanges.ofTopic(
                        edit(Operation.APPEND, "retention.ms", "1"))
                .apply(Map.of()));
    }

    @Test
    void whatIsNotNamedStays() {
        SettingsChange delete = ConfigChanges.ofTopic(edit(Operation.DELETE, "retention.ms", ""));

        assertThat(delete.apply(Map.of("retention.ms", "1", "segment.ms", "2"))).isEqualTo(Map.of("segment.ms", "2"));
        assertThat(ConfigChanges.toTopic(Map.of("flush.ms", "3")).apply(Map.of("segment.ms", "2")))
                .isEqualTo(Map.of("flush.ms", "3"));
    }

    @Test
    void aNodeTakesWhatCanChangeWhileItRuns() {
        assertThat(ConfigChanges.ofNode(edit(Operation.SET, "log.retention.ms", "5"), false)
                        .apply(Map.of()))
                .isEqualTo(Map.of("log.retention.ms", "5"));
        assertThat(ConfigChanges.ofNode(edit(Operation.SET, "num.io.threads", "5"), true)
                        .apply(Map.of()))
                .isEqualTo(Map.of("num.io.threads", "5"));
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "Cannot update these configs dynamically: [num.partitions]",
                () -> ConfigChanges.ofNode(edit(Operation.SET, "num.partitions", "5"), true)
                        .apply(Map.of()));
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "ssl.keystore.location: Listeners are plain text",
                () -> ConfigChanges.ofNode(edit(Operation.SET, "ssl.keystore.location", "/k"), true)
                        .apply(Map.of()));
        assertRefused(ErrorCode.INVALID_REQUEST, "broker id must be specified", () -> ConfigChanges.ofNode(
                        edit(Operation.SET, "leader.replication.throttled.rate", "1"), false)
                .apply(Map.of()));
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "log.segment.bytes: segment.bytes must be at least",
                () -> ConfigChanges.toNode(Map.of("log.segment.bytes", "1"), false)
                        .apply(Map.of()));
    }

    @Test
    void clientMetricsAreChecked() {
        assertThat(ConfigChanges.ofClientMetrics(edit(Operation.APPEND, "metrics", "a,b"))
                        .apply(Map.of("metrics", "a")))
                .isEqualTo(Map.of("metrics", "a,b"));
        assertRefused(ErrorCode.INVALID_CONFIG, "interval.ms must be 100", () -> ConfigChanges.toClientMetrics(
                        Map.of("interval.ms", "1"))
                .apply(Map.of()));
    }
}
