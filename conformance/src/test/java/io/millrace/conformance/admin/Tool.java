package io.millrace.conformance.admin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Exit;

/** Runs a command line tool of Kafka in this process, with its own input and output, as a shell would. One at a time. */
final class Tool {

    /**
     * What a tool has left.
     *
     * @param status it ended with
     * @param out all that it printed
     */
    record Outcome(int status, String out) {}

    /** Thrown where the tool would have ended the process. */
    private static final class Ended extends Error {

        private static final long serialVersionUID = 1;

        Ended() {
            super("the tool has ended", null, false, false);
        }
    }

    private Tool() {}

    static Outcome run(Class<?> main, String... args) throws Exception {
        return run("", main, args);
    }

    static Outcome run(String input, Class<?> main, String... args) throws Exception {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        var printed = new ByteArrayOutputStream();
        int[] status = {-1};
        Exit.Procedure procedure = (code, message) -> {
            if (status[0] < 0) {
                status[0] = code;
            }
            throw new Ended();
        };
        List<Runnable> hooks = new ArrayList<>();
        Exit.setShutdownHookAdder((name, hook) -> hooks.add(hook));
        Exit.setExitProcedure(procedure);
        Exit.setHaltProcedure(procedure);
        try (var captured = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(captured);
            System.setErr(captured);
            call(main, args);
            hooks.forEach(Runnable::run);
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
            Exit.resetExitProcedure();
            Exit.resetHaltProcedure();
            Exit.resetShutdownHookAdder();
        }
        return new Outcome(Math.max(0, status[0]), printed.toString(StandardCharsets.UTF_8));
    }

    private static void call(Class<?> main, String... args) throws ReflectiveOperationException {
        try {
            main.getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof Ended)) {
                throw e;
            }
        }
    }

    /** Runs a tool in a process of its own: one that says its last words when the process ends. */
    static Outcome spawn(Class<?> main, String... args) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), out);
        } finally {
            process.destroyForcibly();
        }
    }
}
