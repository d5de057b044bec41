package io.millrace.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.log.StorageException;
import io.millrace.streams.Millrace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo says and how it ends, on a few flights. */
class FlightDelaysDemoIT {

    private static final String THREE_FLIGHTS = """
            scheduled,origin,destination,delay,distance
            2001-01-01T08:00,SFO,LAX,40,337
            2001-01-01T08:30,LAX,SFO,20,337
            2001-01-01T09:00,SFO,LAX,5,337
            """;

    @TempDir
    Path directory;

    /** What a process has said, and its exit code. */
    private record Run(int code, String out, String err) {}

    @Test
    void showsWhatItFoundAndHowToGoOnInTheSameDirectory() throws Exception {
        var run = demo("data", flights("few.csv", THREE_FLIGHTS));

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("100 % of the input")
                .contains("2 late flights in 1 hours of 1 states; 2 pairs on 1 routes")
                .contains("./millrace demo --data-dir " + directory.resolve("data") + " --fresh");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void saysWhereKafkaClientsCanWatch() throws Exception {
        var run = demo("data", flights("few.csv", THREE_FLIGHTS), "--listen", "127.0.0.1:0");

        assertThat(run.code()).isZero();
        assertThat(run.out()).containsPattern("Kafka clients can watch at 127\\.0\\.0\\.1:[1-9]\\d*\\.");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aFinishedDirectoryIsShownWithoutBeingCalledARun() throws Exception {
        var few = flights("few.csv", THREE_FLIGHTS);
        demo("data", few);

        var again = demo("data", few);

        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("Nothing new to read").contains("2 late flights in 1 hours");
        assertThat(again.out()).doesNotContain("0 records,");
    }

    @Test
    void otherFlightsDoNotGoIntoAFinishedDirectory() throws Exception {
        demo("data", flights("few.csv", THREE_FLIGHTS));

        var other = demo("data", flights("other.csv", THREE_FLIGHTS));

        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err().lines()).hasSize(1);
        assertThat(other.err()).contains("holds the result of few.csv").contains("--fresh");
    }

    @Test
    void aLineThatCannotBeReadIsOneSentence() throws Exception {
        var run = demo("data", flights("bad.csv", THREE_FLIGHTS + "2001-01-01T10:00,SFO,LAX,late,337\n"));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("bad.csv, line 5 cannot be read");
    }

    @Test
    void aFileIsNotADirectory() throws Exception {
        var file = Files.writeString(directory.resolve("data"), "");

        var run = demo("data", flights("few.csv", THREE_FLIGHTS));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().strip())
                .isEqualTo(file + " is a file and not a directory: name a directory with --data-dir.");
        assertThat(demo("data/below", flights("few.csv", THREE_FLIGHTS)).err())
                .contains("cannot be made (")
                .contains("--data-dir");
    }

    @Test
    void aDirectoryInUseIsLeftAlone() throws Exception {
        try (var running = Millrace.open(directory.resolve("data"))) {
            var run = demo("data", flights("few.csv", THREE_FLIGHTS));

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err().strip())
                    .isEqualTo("Another process uses the directory " + directory.resolve("data")
                            + ": stop it, or name another directory with --data-dir.");
            assertThat(running.jobs()).isEmpty();
        }
    }

    @Test
    void whoeverStopsItIsToldThatItGoesOn() throws Exception {
        var process = start("data", flights("few.csv", THREE_FLIGHTS), "--speed", "1");
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.lines()
                            .filter(line -> !line.contains(" 0 commits"))
                            .findFirst())
                    .hasValueSatisfying(line -> assertThat(line).contains("of the input"));
            process.toHandle().destroy(); // unlike Process.destroy, it leaves the stream open
            assertThat(lines.lines()).last().asString().startsWith("Stopped. Start ./millrace demo --data-dir ");
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);

        var goesOn = demo("data", flights("few.csv", THREE_FLIGHTS));

        assertThat(goesOn.code()).isZero();
        assertThat(goesOn.out())
                .contains("Going on with what an earlier run has left")
                .contains("2 late flights");
    }

    @Test
    void wrongOptionsAreNamedWithoutTheWholePage() {
        var err = new StringWriter();
        var command = FlightDelaysDemo.commandLine().setErr(new PrintWriter(err, true));

        assertThat(command.execute("--sped", "3")).isEqualTo(2);
        assertThat(err.toString().strip())
                .isEqualTo("There is no option --sped. ./millrace demo --help shows the options.");
    }

    @Test
    void aFullDiskSaysWhatToDo() {
        var data = new DemoDirectory(directory);
        var full = new StorageException(StorageException.Kind.NO_SPACE, "cannot write flights-0", null);

        assertThat(DemoFailure.sentence(new IllegalStateException("the job failed", full), data))
                .isEqualTo("The disk of " + directory
                        + " is full: free some space and start the demo again, it goes on where it was.");
        assertThat(DemoFailure.sentence(new LogException(ErrorCode.THROTTLING_QUOTA_EXCEEDED, "no room"), data))
                .startsWith("The disk of ")
                .contains("is full: free some space");
        assertThat(DemoFailure.sentence(new LogException(ErrorCode.KAFKA_STORAGE_ERROR, "cannot sync a-0."), data))
                .isEqualTo("The disk does not do what it should: cannot sync a-0.");
        assertThat(DemoFailure.sentence(new IllegalStateException("line 3 is bad"), data))
                .isEqualTo("The demo stopped: line 3 is bad");
    }

    private Path flights(String name, String lines) throws Exception {
        return Files.writeString(directory.resolve(name), lines);
    }

    private Run demo(String data, Path flights, String... options) throws Exception {
        var process = start(data, flights, options);
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, Files.readString(directory.resolve("err.txt")));
    }

    private Process start(String data, Path flights, String... options) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(nativeAccess());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                FlightDelaysDemo.class.getName(),
                "--data-dir",
                directory.resolve(data).toString(),
                "--flights",
                flights.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("err.txt").toFile())
                .start();
    }

    /** A newer JDK warns of native libraries unless it is told, as the launcher and the build tell it. */
    private static List<String> nativeAccess() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--enable-native-access"))
                .toList();
    }
}
