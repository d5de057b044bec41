package io.millrace.conformance.differential;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** Scripts are what Kafka's schemas allow, those too of which a node does not serve the API yet. */
class ScriptsTest {

    /** Stands for whatever was kept; also an id, as it must be where one is wanted. */
    private static final String KEPT = "AAAAAAAAAAAAAAAAAAAAXw";

    @Test
    void everyBodyNamesFieldsOfItsSchema() {
        DifferentialIT.written().flatMap(script -> script.steps().stream()).forEach(step -> {
            if (step instanceof Script.Call call) {
                fills(call.api(), call.version(), call.body());
            } else if (step instanceof Script.Ask ask) {
                fills(ask.api(), ask.version(), ask.body());
            }
        });
    }

    private static void fills(ApiKeys api, int version, String body) {
        var text = body.replaceAll("\\$\\{[^}]+}", KEPT);
        var from = version < 0 ? api.oldestVersion() : version;
        var to = version < 0 ? api.latestVersion() : version;
        for (var one = (short) from; one <= to; one++) {
            assertThat(Fill.request(api, one, text)).isNotNull();
        }
    }
}
