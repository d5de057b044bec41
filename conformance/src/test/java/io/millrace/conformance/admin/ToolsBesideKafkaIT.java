package io.millrace.conformance.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.peer.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's tools print the same, and end with the same status, on an Apache Kafka broker and on a node of ours. */
class ToolsBesideKafkaIT {

    @TempDir
    Path directory;

    @Test
    @Tag("long")
    void theToolsPrintTheSameOnBoth() throws Exception {
        var course = ToolCourse.all(directory);
        Map<String, List<String>> there;
        try (var kafka = KafkaBroker.start(Files.createDirectory(directory.resolve("kafka")), Map.of())) {
            there = course.run(kafka.address());
        }
        Map<String, List<String>> here;
        try (var node = new ConfiguredNode(directory.resolve("millrace"), Map.of())) {
            here = course.run(node.address());
        }

        assertThat(here.keySet()).isEqualTo(there.keySet());
        var differences = new StringBuilder();
        there.forEach((command, lines) -> {
            var ours = here.get(command);
            if (!ours.equals(lines) && !isIntended(command, lines, ours)) {
                differences.append(String.format("%s%n  Kafka:    %s%n  Millrace: %s%n", command, lines, ours));
            }
        });
        assertThat(differences.toString()).isEmpty();
    }

    /**
     * Features of quorums, share groups and streams groups are not served. Nor are the credentials of SCRAM: the tool tells the
     * quotas of a user and then fails at those.
     */
    private static boolean isIntended(String command, List<String> there, List<String> here) {
        if (command.contains("FeatureCommand")) {
            return there.containsAll(here) && here.size() > 1;
        }
        return command.endsWith("--entity-type users --entity-name anna --describe")
                && here.get(0).equals("status 1")
                && here.containsAll(there.subList(1, there.size()));
    }
}
