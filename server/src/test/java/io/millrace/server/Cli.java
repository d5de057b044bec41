package io.millrace.server;

import io.millrace.broker.config.NodeSettings;
import io.millrace.server.command.Console;
import io.millrace.server.node.RunningNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The command line in this process, beside a node of this process. */
public final class Cli implements AutoCloseable {

    /** What a command left behind. */
    public record Result(int code, String out, String err) {
        public List<String> lines() {
            return out.lines().toList();
        }
    }

    private final RunningNode node;
    private final String address;

    Cli(Path directory) throws BindException {
        var settings = NodeSettings.of(Map.of("durability", "os", "group.initial.rebalance.delay.ms", "0"));
        node = RunningNode.open(
                directory, settings.node(), settings.broker(), (agent, fault) -> fault.printStackTrace());
        var endpoint = node.listen(0);
        address = endpoint.host() + ":" + endpoint.port();
    }

    String address() {
        return address;
    }

    RunningNode node() {
        return node;
    }

    /** Asks the node. */
    Result run(String... arguments) {
        return runWith("", arguments);
    }

    /** The same with something on standard input. */
    Result runWith(String input, String... arguments) {
        var all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--bootstrap", address));
        return runAlone(input, all.toArray(String[]::new));
    }

    public static Result runAlone(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        int code = MillraceCommand.commandLine(console).execute(arguments);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        node.close();
    }
}
