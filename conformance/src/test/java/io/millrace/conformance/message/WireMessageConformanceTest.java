package io.millrace.conformance.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.message.ApiVersionsRequest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request, response and header, in every version, beside the classes of the newest kafka-clients. */
class WireMessageConformanceTest {

    private static final int ROUNDS = 20;
    private static final String OURS = "io.millrace.broker.message.";
    private static final String THEIRS = "org.apache.kafka.common.message.";

    static List<String> names() throws Exception {
        Path classes = Path.of(ApiVersionsRequest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (Files.isDirectory(classes)) {
            return namesIn(classes);
        }
        try (var jar = FileSystems.newFileSystem(classes)) {
            return namesIn(jar.getPath("/"));
        }
    }

    private static List<String> namesIn(Path classes) throws IOException {
        try (Stream<Path> files = Files.list(classes.resolve(OURS.replace('.', '/')))) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.contains("-"))
                    .map(name -> name.replace(".class", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void isKafkas(String name) throws Exception {
        try (NewestKafka kafka = NewestKafka.load()) {
            Class<?> pairs = kafka.loadClass(MessagePair.class.getName());
            Object pair = pairs.getDeclaredConstructor(Class.class, Class.class)
                    .newInstance(Class.forName(OURS + name), kafka.loadClass(THEIRS + name + "Data"));
            for (String check : List.of("requireTheSameBytes", "requireSettersThatSet", "requireThatDamageIsBounded")) {
                try {
                    pairs.getMethod(check, int.class).invoke(pair, ROUNDS);
                } catch (InvocationTargetException e) {
                    throw new AssertionError(name + ": " + e.getCause(), e.getCause());
                }
            }
        }
    }

    @Test
    void allOfThemAreCompared() throws Exception {
        assertThat(names()).hasSizeGreaterThan(80).contains("RequestHeader", "FetchResponse");
    }
}
