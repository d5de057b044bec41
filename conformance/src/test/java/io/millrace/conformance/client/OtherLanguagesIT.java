package io.millrace.conformance.client;

import io.millrace.conformance.wire.ServedNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of other languages: records, groups that share and take over, operators, transactions where the client has them. The
 * long form goes through every compression that the client has.
 */
class OtherLanguagesIT {

    /** Debian's, whose packages the tests want; another one in the path would not find them. */
    private static final String PYTHON = "/usr/bin/python3";

    private static final Path NODE_CLIENTS = Path.of("target", "node").toAbsolutePath();
    private static final String GO_PATH = "/usr/share/gocode";
    private static final String SARAMA = GO_PATH + "/src/github.com/Shopify/sarama";

    @TempDir
    Path directory;

    @Test
    void kafkaPython() throws Exception {
        python("kafka_python.py", "kafka", "python3-kafka");
    }

    @Test
    void confluentKafka() throws Exception {
        python("confluent.py", "confluent_kafka", "python3-confluent-kafka");
    }

    @Test
    void kafkajs() throws Exception {
        node("kafkajs.js", "kafkajs");
    }

    @Test
    void platformatic() throws Exception {
        node("platformatic.mjs", "@platformatic/kafka");
    }

    @Test
    void sarama() throws Exception {
        go();
    }

    @Test
    @Tag("long")
    void kafkaPythonInEveryCompression() throws Exception {
        python("kafka_python.py", "kafka", "python3-kafka", "long");
    }

    @Test
    @Tag("long")
    void confluentKafkaInEveryCompression() throws Exception {
        python("confluent.py", "confluent_kafka", "python3-confluent-kafka", "long");
    }

    @Test
    @Tag("long")
    void kafkajsInEveryCompression() throws Exception {
        node("kafkajs.js", "kafkajs", "long");
    }

    @Test
    @Tag("long")
    void platformaticInEveryCompression() throws Exception {
        node("platformatic.mjs", "@platformatic/kafka", "long");
    }

    @Test
    @Tag("long")
    void saramaInEveryCompression() throws Exception {
        go("long");
    }

    private void python(String script, String module, String debian, String... words) throws Exception {
        Programs.require(
                Programs.works(PYTHON, "-c", "import " + module),
                "there is no Python module " + module + " for " + PYTHON + ": apt-get install " + debian);
        var source = Programs.SOURCES.resolve("python").resolve(script);
        run(Map.of(), List.of(PYTHON, source.toString()), words);
    }

    private void node(String script, String client, String... words) throws Exception {
        Programs.require(Programs.works("node", "--version"), "there is no node: apt-get install nodejs npm");
        Programs.require(
                Files.isDirectory(NODE_CLIENTS.resolve("node_modules").resolve(client)),
                "there is no " + client + " in " + NODE_CLIENTS + ": see .ci/run for how it gets there");
        // Modules are looked for from where the program lies.
        var source = Files.copy(
                Programs.SOURCES.resolve("node").resolve(script),
                NODE_CLIENTS.resolve(script),
                StandardCopyOption.REPLACE_EXISTING);
        run(Map.of(), List.of("node", source.toString()), words);
    }

    private void go(String... words) throws Exception {
        Programs.require(Programs.works("go", "version"), "there is no go: apt-get install golang-go");
        Programs.require(
                Files.isDirectory(Path.of(SARAMA)),
                "there is no " + SARAMA + ": apt-get install golang-github-shopify-sarama-dev");
        var source = Programs.SOURCES.resolve("go").resolve("course.go");
        var environment = Map.of("GO111MODULE", "off", "GOPATH", GO_PATH, "GOFLAGS", "");
        run(environment, List.of("go", "run", source.toString()), words);
    }

    private void run(Map<String, String> environment, List<String> command, String... words) throws Exception {
        try (var node = new ServedNode(directory)) {
            var arguments = new ArrayList<>(List.of(node.address()));
            arguments.addAll(List.of(words));
            arguments.add("transactions");
            Programs.run(directory, environment, command, arguments);
        }
    }
}
