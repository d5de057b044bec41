package io.millrace.broker.config;

import io.millrace.broker.config.NodeKey.Treatment;
import io.millrace.broker.config.NodeKey.Update;
import io.millrace.log.NearestName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every configuration key of a node: the 360 that a broker of Apache Kafka 4.3.1 knows, 3 that it only learns from clients, and ours. Immutable, for any thread. */
public final class NodeKeys {

    private static final String RESOURCE = "node-keys.tsv";
    private static final int COLUMNS = 7;
    private static final String NO_DEFAULT = "-";

    private static final Map<String, NodeKey> ALL = read();

    private NodeKeys() {}

    /** In order of name. */
    public static Collection<NodeKey> all() {
        return ALL.values();
    }

    public static Optional<NodeKey> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /** The key that must exist, since the code asks for it. */
    static NodeKey require(String name) {
        return Objects.requireNonNull(ALL.get(name), name);
    }

    /** The known name that somebody may have meant. */
    public static String nearest(String name) {
        return NearestName.of(name, List.copyOf(ALL.keySet()));
    }

    /** What to say of a name that is not known, and which one may have been meant. */
    static String unknown(String name) {
        return "unknown key '" + NearestName.shown(name) + "'" + NearestName.hint(name, List.copyOf(ALL.keySet()));
    }

    private static Map<String, NodeKey> read() {
        Map<String, NodeKey> keys = new TreeMap<>();
        try (InputStream in = Objects.requireNonNull(NodeKeys.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                NodeKey key = parse(line);
                keys.put(key.name(), key);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(keys);
    }

    private static NodeKey parse(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalStateException(RESOURCE + " has " + columns.length + " columns in: " + line);
        }
        return new NodeKey(
                columns[0],
                Treatment.valueOf(columns[1].toUpperCase(Locale.ROOT)),
                ValueType.named(columns[2]),
                defaultValue(columns[3]),
                columns[4],
                update(columns[5]),
                columns[6]);
    }

    private static @Nullable String defaultValue(String column) {
        return column.equals(NO_DEFAULT) ? null : column;
    }

    private static Update update(String word) {
        return switch (word) {
            case "read-only" -> Update.READ_ONLY;
            case "per-broker" -> Update.PER_NODE;
            case "cluster-wide" -> Update.CLUSTER_WIDE;
            default -> throw new IllegalStateException(RESOURCE + " says '" + word + "'");
        };
    }
}
