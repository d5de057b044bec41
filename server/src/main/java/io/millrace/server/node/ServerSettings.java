package io.millrace.server.node;

import io.millrace.broker.config.ListenerSpec;
import io.millrace.broker.config.NodeSettings;
import io.millrace.server.client.NodeAddress;
import io.millrace.server.command.CommandRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node of a server is told: Kafka's keys, and the two that a process has beside them.
 *
 * @param node Kafka's keys
 * @param admin where health and metrics are; empty for nowhere
 * @param warnings what was said and does not count
 */
public record ServerSettings(NodeSettings node, Optional<NodeAddress> admin, List<String> warnings) {

    /** {@code true} lets listeners be where other machines reach them; whoever reaches them may do everything. */
    static final String INSECURE = "insecure";

    /** {@code host:port} on the loopback interface, or {@code none}. */
    static final String ADMIN = "admin.listener";

    /** What a process is told beside the keys of its node. */
    static final Set<String> OWN_KEYS = Set.of(INSECURE, ADMIN);

    private static final String ADMIN_DEFAULT = "127.0.0.1:9644";
    private static final String NONE = "none";
    private static final String AUTO_CREATE = "auto.create.topics.enable";

    public ServerSettings {
        warnings = List.copyOf(warnings);
    }

    /**
     * What is said last counts: the file, then the environment, then the command line.
     *
     * @throws CommandRefused with one line per key that is unknown, refused or out of range
     */
    public static ServerSettings of(@Nullable Path file, Map<String, String> environment, Map<String, String> given)
            throws IOException {
        List<String> warnings = new ArrayList<>();
        Map<String, String> keys = new TreeMap<>();
        if (file != null) {
            keys.putAll(ConfigFile.read(file));
        }
        keys.putAll(EnvironmentKeys.read(environment, warnings));
        keys.putAll(given);
        boolean insecure = flag(keys.remove(INSECURE));
        Optional<NodeAddress> admin = admin(keys.remove(ADMIN));
        // Kafka makes topics that are misspelled; a server does not unless it is told to.
        keys.putIfAbsent(AUTO_CREATE, "false");
        NodeSettings node = settings(keys);
        if (!insecure) {
            node.listeners().forEach(ServerSettings::requireLoopback);
        }
        warnings.addAll(node.warnings());
        return new ServerSettings(node, admin, warnings);
    }

    private static NodeSettings settings(Map<String, String> keys) {
        try {
            return NodeSettings.of(keys);
        } catch (IllegalArgumentException e) {
            throw new CommandRefused("the node does not start with this configuration:\n  "
                    + String.valueOf(e.getMessage()).replace("\n", "\n  "));
        }
    }

    private static boolean flag(@Nullable String text) {
        if (text == null || text.equalsIgnoreCase("false")) {
            return false;
        }
        if (!text.equalsIgnoreCase("true")) {
            throw new CommandRefused(INSECURE + " is true or false, not '" + text + "'.");
        }
        return true;
    }

    private static Optional<NodeAddress> admin(@Nullable String text) {
        if (NONE.equals(text)) {
            return Optional.empty();
        }
        NodeAddress address;
        try {
            address = NodeAddress.parse(text == null ? ADMIN_DEFAULT : text);
        } catch (IllegalArgumentException e) {
            throw new CommandRefused(ADMIN + ": " + e.getMessage() + ".");
        }
        if (!isLoopback(address.host())) {
            throw new CommandRefused(ADMIN + "=" + text + " must be on the loopback interface, such as " + ADMIN_DEFAULT
                    + ", or " + NONE + ".");
        }
        return Optional.of(address);
    }

    private static void requireLoopback(ListenerSpec listener) {
        if (!isLoopback(listener.host())) {
            throw new CommandRefused("listener " + listener.name() + " at '" + listener.host() + ":" + listener.port()
                    + "' would be reached by other machines, and whoever reaches it may do everything: there is no"
                    + " security yet. Listen at 127.0.0.1, or write " + INSECURE + "=true.");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new CommandRefused("there is no host " + host + ".");
        }
    }
}
