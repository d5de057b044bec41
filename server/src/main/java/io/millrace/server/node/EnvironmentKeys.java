package io.millrace.server.node;

import io.millrace.broker.config.NodeKeys;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keys that the environment says. {@code MILLRACE_LOG_RETENTION_MS} is {@code log.retention.ms}; the images of Apache Kafka spell
 * it {@code KAFKA_LOG_RETENTION_MS}, which counts too, so that a Compose file can stay as it is. What is no key of a node is passed
 * over with a warning: Kubernetes gives every container variables such as {@code MILLRACE_SERVICE_HOST} if there is a service of
 * that name. As in the images two underscores are one, and three are a hyphen.
 */
final class EnvironmentKeys {

    private static final String OURS = "MILLRACE_";
    private static final String IMAGE = "KAFKA_";

    /** For the launcher, the command line and the log of the process, not for the node. */
    private static final Set<String> NO_KEYS = Set.of(
            "MILLRACE_BOOTSTRAP",
            "MILLRACE_JAVA_OPTIONS",
            "MILLRACE_LOG_LEVEL",
            "MILLRACE_HOME",
            "MILLRACE_SAMPLES_CLASS_PATH");

    private static final String HYPHEN = "\u0001";
    private static final String UNDERSCORE = "\u0002";

    private EnvironmentKeys() {}

    /** @param warnings to which is added what does not count */
    static Map<String, String> read(Map<String, String> environment, List<String> warnings) {
        Map<String, String> keys = new TreeMap<>();
        for (String prefix : List.of(IMAGE, OURS)) {
            new TreeMap<>(environment).forEach((name, value) -> {
                if (!name.startsWith(prefix) || NO_KEYS.contains(name)) {
                    return;
                }
                String key = key(name.substring(prefix.length()));
                if (NodeKeys.named(key).isPresent() || ServerSettings.OWN_KEYS.contains(key)) {
                    keys.put(key, value);
                } else {
                    warnings.add(name + " does not count: a node of Millrace has no key " + key + "; the nearest is "
                            + NodeKeys.nearest(key) + ".");
                }
            });
        }
        return keys;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replace("___", HYPHEN)
                .replace("__", UNDERSCORE)
                .replace('_', '.')
                .replace(HYPHEN, "-")
                .replace(UNDERSCORE, "_");
    }
}
