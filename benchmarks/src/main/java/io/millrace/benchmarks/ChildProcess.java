package io.millrace.benchmarks;

import io.millrace.benchmarks.peer.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The parent's end of a {@link Child}. */
final class ChildProcess implements AutoCloseable {

    private static final List<String> JVM_ARGS =
            List.of("-Xms1g", "-Xmx3g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;

    private ChildProcess(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts a system and waits until its input is loaded. */
    static ChildProcess start(String system, Workload workload, long count, String durability, Path directory)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(JVM_ARGS);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                system,
                workload.name(),
                Long.toString(count),
                durability,
                directory.toString()));
        ChildProcess child = new ChildProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        child.awaitLine("ready");
        return child;
    }

    Round run() throws IOException {
        commands.write("run\n");
        commands.flush();
        return Round.ofLine(awaitLine("round "));
    }

    @Override
    public void close() throws IOException {
        commands.close();
        Processes.awaitEnd(process);
    }

    private String awaitLine(String prefix) throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(prefix)) {
                return line;
            }
        }
        throw new IOException("the system under test ended before it said '" + prefix + "'");
    }
}
