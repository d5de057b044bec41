package io.millrace.conformance.client;

import io.millrace.conformance.wire.ServedNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's Java client in the versions that people have, from 2018 to the newest. */
class JavaVersionsIT {

    @TempDir
    Path directory;

    /** The newest and the oldest one; both dialects of what lies between. */
    @ParameterizedTest
    @ValueSource(strings = {"4.4.0", "2.1.1"})
    void goesThroughTheCourse(String version) throws Exception {
        course(version);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {"4.3.1", "3.9.2", "2.8.2"})
    void goesThroughTheCourseToo(String version) throws Exception {
        course(version);
    }

    private void course(String version) throws Exception {
        try (var node = new ServedNode(directory);
                var client = JavaVersion.load(version)) {
            client.run(node.address(), List.of("records", "groups", "operators", "transactions"));
        }
    }
}
