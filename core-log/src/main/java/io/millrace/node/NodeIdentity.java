package io.millrace.node;

import io.millrace.log.LogStorage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.UUID;

/**
 * Who a data directory belongs to: Kafka's {@code meta.properties}, version 1. Written once, when the directory is first
 * used.
 *
 * @param clusterId of the cluster, in Kafka's base 64 form
 * @param nodeId of the node
 * @param directoryId of this directory, unique for ever
 */
record NodeIdentity(String clusterId, int nodeId, UUID directoryId) {

    private static final String FILE = "meta.properties";

    /** @throws IllegalStateException if the directory belongs to another node */
    static NodeIdentity openOrCreate(LogStorage storage, NodeConfig config) {
        if (!storage.exists(FILE)) {
            NodeIdentity created = new NodeIdentity(
                    KafkaUuid.format(config.ids().get()),
                    config.nodeId(),
                    config.ids().get());
            storage.replace(FILE, created.encode());
            return created;
        }
        NodeIdentity found = decode(new String(storage.readAll(FILE), StandardCharsets.ISO_8859_1));
        if (found.nodeId != config.nodeId()) {
            throw new IllegalStateException("the data directory belongs to node " + found.nodeId + ", this is node "
                    + config.nodeId() + "; start it with node.id=" + found.nodeId + " or with another directory");
        }
        return found;
    }

    private static NodeIdentity decode(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
            String version = required(properties, "version");
            if (!version.equals("1")) {
                throw new IllegalStateException(FILE + " has version " + version + ", only 1 is known");
            }
            String directoryId = required(properties, "directory.id");
            return new NodeIdentity(
                    required(properties, "cluster.id"),
                    Integer.parseInt(required(properties, "node.id")),
                    KafkaUuid.parse(directoryId));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(FILE + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String required(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalStateException(FILE + " has no " + key + "; restore it from a backup of the directory");
        }
        return value;
    }

    private byte[] encode() {
        String text = "cluster.id=" + clusterId + "\ndirectory.id=" + KafkaUuid.format(directoryId) + "\nnode.id="
                + nodeId + "\nversion=1\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
