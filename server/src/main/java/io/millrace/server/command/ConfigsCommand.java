package io.millrace.server.command;

import io.millrace.server.client.ClusterClient;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace configs}: shows and changes configurations of topics, nodes and groups. */
@Command(
        name = "configs",
        description = "Shows and changes the configurations of topics, nodes and groups.",
        synopsisSubcommandLabel = "COMMAND")
public final class ConfigsCommand {

    @Command(name = "describe", description = "Shows what is in force, and where it was set.")
    int describe(
            @Mixin NodeAccess node,
            @Parameters(index = "0", paramLabel = "topic|broker|group", description = "What kind of thing.")
                    ConfigsOf.Kind kind,
            @Parameters(index = "1", paramLabel = "NAME", description = "Which: a topic, a node.id or a group.")
                    String name,
            @Option(names = "--all", description = "Also what has its default.") boolean all) {
        try (ClusterClient cluster = node.open()) {
            Report report = node.report("name", "value", "source", "readOnly", "sensitive");
            for (var config : new ConfigsOf(cluster, kind, name).all()) {
                if (all || !ConfigsOf.isDefault(config)) {
                    report.row(
                            config.name(),
                            config.value(),
                            ConfigsOf.source(config),
                            config.readOnly(),
                            config.isSensitive());
                }
            }
            report.print();
            return 0;
        }
    }

    @Command(
            name = "alter",
            description = "Sets configurations, or puts them back to their defaults; all of them or none.")
    int alter(
            @Mixin NodeAccess node,
            @Parameters(index = "0", paramLabel = "topic|broker|group", description = "What kind of thing.")
                    ConfigsOf.Kind kind,
            @Parameters(
                            index = "1",
                            paramLabel = "NAME",
                            description = "Which: a topic, a node.id ('' for all nodes) or a group.")
                    String name,
            @Option(names = "--set", paramLabel = "KEY=VALUE", description = "As often as needed.") @Nullable
                    List<String> set,
            @Option(names = "--delete", paramLabel = "KEY", description = "As often as needed.") @Nullable
                    List<String> delete,
            @Option(names = "--dry-run", description = "Only ask whether it would be accepted.") boolean dryRun) {
        Map<String, String> changed = KeyValues.parse(set, "--set");
        List<String> removed = delete == null ? List.of() : delete;
        if (changed.isEmpty() && removed.isEmpty()) {
            throw new CommandRefused("say what to change: --set or --delete.");
        }
        try (ClusterClient cluster = node.open()) {
            new ConfigsOf(cluster, kind, name).alter(changed, removed, dryRun);
            node.say(dryRun ? "It would be accepted; nothing was done." : "Done.");
            return 0;
        }
    }
}
