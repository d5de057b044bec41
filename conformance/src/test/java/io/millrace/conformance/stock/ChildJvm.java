package io.millrace.conformance.stock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in a process of its own, on the class path of the tests. What it says goes to a file. */
final class ChildJvm implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final long LOOK_AGAIN_MS = 10;

    private final Process process;
    private final Path output;

    private ChildJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts the main method of a class. */
    static ChildJvm start(Path output, String main, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // they live for seconds
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dslf4j.internal.verbosity=WARN",
                "-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new ChildJvm(process, output);
    }

    /** Waits until it has said this. */
    void await(String text) throws IOException, InterruptedException {
        var endNs = System.nanoTime() + START_MAX.toNanos();
        while (!said().contains(text)) {
            if (process.waitFor(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("ended with " + process.exitValue() + ": " + said());
            }
            if (System.nanoTime() > endNs) {
                throw new IllegalStateException("does not say '" + text + "': " + said());
            }
        }
    }

    String said() throws IOException {
        return Files.readString(output);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}; comes back when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
