package io.millrace.server.command;

import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.NodeAddress;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command that asks a node has in common. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class NodeAccess {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-b", "--bootstrap"},
            paramLabel = "HOST:PORT",
            defaultValue = "${env:MILLRACE_BOOTSTRAP:-127.0.0.1:9092}",
            description = "The node to ask, or several with commas; default MILLRACE_BOOTSTRAP, else 127.0.0.1:9092.")
    private String bootstrap;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    /** Connects; close it. */
    ClusterClient open() {
        try {
            return ClusterClient.open(NodeAddress.parseAll(bootstrap));
        } catch (IllegalArgumentException e) {
            throw new CommandRefused(e.getMessage() + ".");
        }
    }

    Report report(String... columns) {
        return new Report(console().out(), json, columns);
    }

    boolean isJson() {
        return json;
    }

    Console console() {
        return Console.of(command);
    }

    /** Tells people what was done, which is no data. */
    void say(String sentence) {
        console().err().println(sentence);
    }
}
