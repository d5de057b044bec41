package io.millrace.conformance.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.conformance.differential.Wire;
import io.millrace.conformance.wire.ServedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of APIs is what a node says of itself, beside what the newest client knows. */
class KafkaApiPageIT {

    private static final Path PAGE = Path.of("../docs/kafka-api.md");
    private static final Path JARS = Path.of("target", "newest-kafka");

    /** Set to write the page anew. */
    private static final String WRITE = "millrace.write.pages";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

    private static final String NODES = "between nodes and controllers; never for clients";
    private static final String SECURITY = "comes with security";
    private static final String SHARES = "share groups (KIP-932), later";
    private static final String STREAMS_GROUPS =
            "streams groups (KIP-1071), later; the classic protocol serves Kafka Streams";

    /** What is to be said of an API besides its versions, by its key. */
    private static final Map<Integer, String> NOTES = notes();

    @TempDir
    Path directory;

    private record Schema(String name, String versions) {}

    @Test
    void thePageShowsEveryApi() throws IOException {
        var page = page();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("the APIs that are served have changed: write the page anew with\n"
                        + "./mvnw -pl conformance -am verify -Dtest=KafkaApiPageIT"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -D" + WRITE + "=true")
                .isEqualTo(page);
    }

    private String page() throws IOException {
        var served = served();
        var schemas = schemas();
        var text = new StringBuilder(String.format("""
                # The Kafka APIs that a node serves

                Written by `KafkaApiPageIT` from what a node answers to ApiVersions, beside the APIs of kafka-clients 4.4.0: %d of %d. What is
                not served is not advertised, and a client that asks for it all the same finds its connection closed. How the answers differ
                from those of Apache Kafka: [differences](differences-from-kafka.md). How to move: [from Kafka](migrating-from-kafka.md).

                | key | API | served | in 4.4.0 | notes |
                |---|---|---|---|---|
                """, served.size(), schemas.size()));
        schemas.forEach((key, schema) -> {
            var found = served.get(key);
            text.append(String.format(
                            "| %d | %s | %s | %s | %s |",
                            key,
                            schema.name(),
                            found == null ? "–" : found,
                            schema.versions(),
                            NOTES.getOrDefault(key, "")))
                    .append('\n');
        });
        return text.toString();
    }

    private SortedMap<Integer, String> served() throws IOException {
        try (var node = new ServedNode(directory);
                var wire = new Wire(node.address())) {
            wire.send(ApiKeys.API_VERSIONS, (short) 0, new ApiVersionsRequestData(), true);
            var answer = (ApiVersionsResponseData) wire.receive().orElseThrow();
            var versions = new TreeMap<Integer, String>();
            answer.apiKeys()
                    .forEach(api -> versions.put((int) api.apiKey(), range(api.minVersion(), api.maxVersion())));
            return versions;
        }
    }

    private static String range(int from, int to) {
        return from == to ? Integer.toString(from) : from + "-" + to;
    }

    private static SortedMap<Integer, Schema> schemas() throws IOException {
        var found = new TreeMap<Integer, Schema>();
        try (var jars = Files.list(JARS);
                var jar = new ZipFile(jars.findFirst().orElseThrow().toFile())) {
            for (var entry : jar.stream().toList()) {
                if (entry.getName().matches("common/message/.*Request\\.json")) {
                    var schema = JSON.readTree(jar.getInputStream(entry));
                    var versions = schema.get("validVersions").asText();
                    if (!versions.equals("none")) {
                        var name = schema.get("name").asText().replaceAll("Request$", "");
                        found.put(schema.get("apiKey").asInt(), new Schema(name, versions));
                    }
                }
            }
        }
        return found;
    }

    private static Map<Integer, String> notes() {
        var notes = new TreeMap<Integer, String>();
        notes.put(0, "advertised from 0, since librdkafka compresses only then (KAFKA-18659); served from 3");
        notes.put(17, SECURITY);
        notes.put(18, "a version that nobody knows is answered in version 0, with what is known");
        notes.put(22, "6 is for two-phase commit (KIP-939), unstable in 4.4.0");
        for (var key : new int[] {29, 30, 31, 36, 38, 39, 40, 41, 50, 51}) {
            notes.put(key, SECURITY);
        }
        notes.put(34, "one directory per node; later");
        notes.put(45, "comes with replication");
        for (var key : new int[] {52, 53, 54, 56, 58, 59, 62, 63, 67, 70, 73, 80, 81, 82, 94}) {
            notes.put(key, NODES);
        }
        notes.put(57, "later");
        notes.put(64, "comes with replication");
        notes.put(71, "client metrics (KIP-714), later; clients do without");
        notes.put(72, "client metrics (KIP-714), later; clients do without");
        for (var key : new int[] {76, 77, 78, 79, 83, 84, 85, 86, 87, 90, 91, 92}) {
            notes.put(key, SHARES);
        }
        for (var key : new int[] {88, 89, 93}) {
            notes.put(key, STREAMS_GROUPS);
        }
        return notes;
    }
}
