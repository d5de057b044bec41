package io.millrace.server.command;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a command reads and where it writes.
 *
 * @param in what {@code produce} writes to a topic
 * @param out data, flushed at the end of a command
 * @param err what is said to people
 */
public record Console(InputStream in, PrintStream out, PrintStream err) {

    private static final int BUFFER_BYTES = 64 << 10;

    /** The process's own. */
    public static Console system() {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
                false,
                StandardCharsets.UTF_8);
        return new Console(System.in, out, System.err);
    }

    /** The root of a command line, which knows its console. */
    @FunctionalInterface
    public interface Holder {
        Console console();
    }

    static Console of(CommandSpec command) {
        return ((Holder) command.root().userObject()).console();
    }
}
