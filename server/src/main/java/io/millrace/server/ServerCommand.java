package io.millrace.server;

import io.millrace.broker.Endpoint;
import io.millrace.broker.config.ListenerSpec;
import io.millrace.server.command.CommandRefused;
import io.millrace.server.command.KeyValues;
import io.millrace.server.command.StopRequest;
import io.millrace.server.node.RunningNode;
import io.millrace.server.node.ServerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace server}: a node with a configuration of its own, until it is stopped. */
@Command(
        name = "server",
        description = "Runs a node as it is configured, until it is asked to end.",
        footer = {
            "",
            "Keys are Kafka's, flat or nested. What is said last counts: the file, then the environment (MILLRACE_LOG_RETENTION_MS is",
            "log.retention.ms; KAFKA_LOG_RETENTION_MS is too), then --set. Beside Kafka's keys there are insecure=true, which lets",
            "listeners be where other machines reach them, and admin.listener=host:port or none, for health and metrics.",
            "",
            "Exit codes: 0 ended as asked, 1 refused or failed, 2 wrong options, 130 or 143 by a signal."
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ServerCommand implements Callable<Integer> {

    private static final Path DEFAULT_DIRECTORY = Path.of("millrace-data", "log");

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration, in YAML.")
    private @Nullable Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A key; as often as needed.")
    private @Nullable List<String> given;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ServerSettings settings = ServerSettings.of(config, System.getenv(), KeyValues.parse(given, "--set"));
        PrintWriter err = spec.commandLine().getErr();
        settings.warnings().forEach(warning -> err.println("Warning: " + warning));
        Path directory = settings.node().dataDirectory().map(Path::of).orElse(DEFAULT_DIRECTORY);
        AtomicBoolean failed = new AtomicBoolean();
        try (StopRequest stop = new StopRequest();
                RunningNode node = RunningNode.open(
                        directory, settings.node().node(), settings.node().broker(), (agent, fault) -> {
                            failed.set(true);
                            stop.ask(); // before what may fail for want of memory
                            fault.printStackTrace(err);
                        })) {
            List<String> lines = serve(node, settings);
            lines.add("  data           " + directory.toAbsolutePath().normalize());
            err.println("Millrace is ready.");
            lines.forEach(err::println);
            stop.await();
        }
        return failed.get() ? MillraceCommand.REFUSED : 0;
    }

    private static List<String> serve(RunningNode node, ServerSettings settings) throws IOException {
        List<String> lines = new ArrayList<>();
        try {
            for (ListenerSpec spec : settings.node().listeners()) {
                Endpoint told = node.listen(spec, settings.node().advertised().get(spec.name()));
                lines.add("  Kafka clients  " + told);
            }
            if (settings.admin().isPresent()) {
                lines.add("  admin          http://"
                        + node.serveAdmin(settings.admin().get()) + "/metrics");
            }
        } catch (BindException e) {
            throw new CommandRefused(e.getMessage() + ".");
        }
        return lines;
    }
}
