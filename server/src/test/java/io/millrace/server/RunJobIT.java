package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.NodeAddress;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunJobIT {

    /** Opens a directory and asks, as a Kafka client, who serves it. */
    public static final class Asking {

        private static String seen = "";

        private Asking() {}

        public static void main(String[] arguments) {
            try (var millrace = Millrace.open(Path.of(arguments[0]));
                    var client = ClusterClient.open(NodeAddress.parseAll(System.getProperty("millrace.listen")))) {
                seen = client.topics().keySet() + " " + millrace.jobs() + " " + arguments[1];
            }
        }
    }

    /** Asks for its own health, before and after it starts a job that fails. */
    public static final class Watched {

        private static String seen = "";

        private Watched() {}

        public static void main(String[] arguments) throws Exception {
            var broken = Topology.define("broken");
            broken.stream(Topic.of("in", Codecs.string(), Codecs.string()))
                    .<String>mapValues(value -> {
                        throw new IllegalStateException("the operator has a bug");
                    })
                    .to(Topic.of("out", Codecs.string(), Codecs.string()));
            try (var millrace = Millrace.open(Path.of(arguments[0]))) {
                seen = ready(arguments[1]);
                var job = millrace.start(broken.build(), JobOptions.DEFAULT.with("restarts.without.progress", "0"));
                job.awaitRunning(Duration.ofSeconds(30));
                try (var in = millrace.write(Topic.of("in", Codecs.string(), Codecs.string()))) {
                    in.send("k", "v");
                    in.flush(Duration.ofSeconds(30));
                    job.awaitEnd();
                }
                seen += ready(arguments[1]);
            }
        }

        private static String ready(String port) throws Exception {
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }

    /** Fails as a job may. */
    public static final class Failing {

        private Failing() {}

        public static void main(String[] arguments) {
            throw new IllegalStateException("the job has a bug");
        }
    }

    @TempDir
    Path directory;

    @AfterEach
    void forget() {
        System.clearProperty("millrace.listen");
        System.clearProperty("millrace.admin");
        System.clearProperty("millrace.listen.insecure");
    }

    private static int freePort() throws IOException {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aJobIsServedToKafkaClientsWhileItRuns() throws Exception {
        var run = Cli.runAlone(
                "",
                "run",
                "--listen",
                "127.0.0.1:" + freePort(),
                Asking.class.getName(),
                directory.toString(),
                "--not-an-option-of-run");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Asking.seen).isEqualTo("[__consumer_offsets, __transaction_state] [] --not-an-option-of-run");
    }

    @Test
    void aJobShowsItsHealthAndMetricsIfThatIsAsked() throws Exception {
        int port = freePort();
        var run = Cli.runAlone(
                "", "run", "--admin", "127.0.0.1:" + port, Watched.class.getName(), directory.toString(), "" + port);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Watched.seen).startsWith("200 ok").contains("503 job broken is FAILED: ", "the operator has a bug");
        var elsewhere = Cli.runAlone("", "run", "--admin", "0.0.0.0:0", Watched.class.getName(), directory.toString());
        assertThat(elsewhere.err()).contains("0.0.0.0 is reached by other machines");
    }

    @Test
    void otherMachinesAreNotLetInByMistake() {
        var run = Cli.runAlone("", "run", "--listen", "0.0.0.0:0", Asking.class.getName(), directory.toString(), "x");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("0.0.0.0 is reached by other machines");
    }

    @Test
    void aJarIsStartedByItsManifest() throws Exception {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        Path without = jar("without.jar", manifest);
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Failing.class.getName());
        Path with = jar("with.jar", manifest);

        assertThat(Cli.runAlone("", "run", with.toString()).err()).contains("the job has a bug");
        assertThat(Cli.runAlone("", "run", without.toString()).err()).contains("names no Main-Class");
        assertThat(Cli.runAlone("", "run", "no.jar").err()).contains("there is no no.jar");
        assertThat(Cli.runAlone("", "run", "no.such.Job").err()).contains("there is no class no.such.Job");
        assertThat(Cli.runAlone("", "run").code()).isEqualTo(2);
    }

    private Path jar(String name, Manifest manifest) throws IOException {
        Path path = directory.resolve(name);
        try (var jar = new JarOutputStream(Files.newOutputStream(path), manifest)) {
            jar.putNextEntry(new JarEntry("job.txt"));
        }
        return path;
    }
}
