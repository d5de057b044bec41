package io.millrace.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kcat, and with it librdkafka, the client of most languages. */
class KcatIT {

    /** Set where the build must not skip what it could have installed. */
    private static final boolean IS_CI = System.getenv("CI") != null;

    @TempDir
    Path directory;

    @BeforeAll
    static void isInstalled() {
        boolean found = Path.of("/usr/bin/kcat").toFile().canExecute();
        assertThat(found || !IS_CI).as("CI installs kcat").isTrue();
        assumeTrue(found, "there is no kcat on this machine: apt-get install kcat");
    }

    private String kcat(String input, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/usr/bin/kcat"));
        command.addAll(List.of(arguments));
        Path in = Files.writeString(directory.resolve("in.txt"), input);
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        var process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("kcat ends").isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void whatIsProducedIsConsumed(String codec) throws Exception {
        String lines =
                IntStream.range(0, 5000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        try (var node = new ServedNode(directory.resolve("node"))) {
            kcat(lines, "-P", "-b", node.address(), "-t", "lines", "-z", codec);

            assertThat(kcat("", "-C", "-b", node.address(), "-t", "lines", "-o", "beginning", "-e", "-q"))
                    .isEqualTo(lines);
        }
    }

    @Test
    void aGroupReadsWhatIsNewToIt() throws Exception {
        try (var node = new ServedNode(directory.resolve("node"))) {
            kcat("a\nb\nc\n", "-P", "-b", node.address(), "-t", "letters");
            String[] reads = {
                "-b", node.address(), "-X", "auto.offset.reset=earliest", "-e", "-q", "-G", "readers", "letters"
            };

            assertThat(kcat("", reads)).isEqualTo("a\nb\nc\n");
            kcat("d\n", "-P", "-b", node.address(), "-t", "letters");
            assertThat(kcat("", reads)).isEqualTo("d\n");
        }
    }

    @Test
    void theTopicIsListedAndAnOffsetIsFound() throws Exception {
        try (var node = new ServedNode(directory.resolve("node"))) {
            kcat("a\nb\nc\n", "-P", "-b", node.address(), "-t", "letters");

            assertThat(kcat("", "-L", "-b", node.address(), "-t", "letters"))
                    .contains("topic \"letters\" with 1 partitions", "leader 1");
            assertThat(kcat("", "-Q", "-b", node.address(), "-t", "letters:0:-1"))
                    .contains("offset 3");
        }
    }
}
