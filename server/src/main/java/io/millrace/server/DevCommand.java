package io.millrace.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts a node for this machine alone and serves it to Kafka clients until it is stopped. */
@Command(
        name = "dev",
        description = "Starts a node on this machine that Kafka clients can use. Ctrl-C stops it; the data stay.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class DevCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = DevOptions.PORT,
            paramLabel = "PORT",
            description = "The first port to try; default 9092.")
    private int port;

    @Option(
            names = "--admin-port",
            defaultValue = DevOptions.ADMIN_PORT,
            paramLabel = "PORT",
            description = "The first port to try for health and metrics; default 9644.")
    private int adminPort;

    @Option(
            names = "--data-dir",
            defaultValue = DevOptions.DATA_DIRECTORY,
            paramLabel = "DIRECTORY",
            description = "Where the data are; default ./millrace-data.")
    private Path dataDirectory;

    @Option(
            names = "--durability",
            defaultValue = DevOptions.DURABILITY,
            paramLabel = "disk|os",
            description =
                    "When a record is acknowledged: on the disk (default), or with the operating system, as Kafka does.")
    private String durability;

    @Option(
            names = "--exit-when-ready",
            hidden = true,
            description = "For the launcher, which lets Java remember the classes that a start needs.")
    private boolean exitWhenReady;

    @Override
    public Integer call() throws InterruptedException, IOException {
        return new DevNode(
                        options(),
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr())
                .run();
    }

    DevOptions options() {
        return new DevOptions(port, adminPort, dataDirectory, durability, exitWhenReady);
    }
}
