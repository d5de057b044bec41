package io.millrace.node;

import io.millrace.log.DirectoryMarks;
import io.millrace.log.LogStorage;
import io.millrace.log.TopicIds;
import java.util.Map;
import java.util.Optional;
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

    private static final String VERSION = "1";

    /** @throws IllegalStateException if the directory belongs to another node */
    static NodeIdentity openOrCreate(LogStorage storage, NodeConfig config) {
        Optional<Map<String, String>> meta = DirectoryMarks.readMeta(storage);
        if (meta.isEmpty()) {
            NodeIdentity created = new NodeIdentity(
                    TopicIds.toText(config.ids().get()),
                    config.nodeId(),
                    config.ids().get());
            DirectoryMarks.writeMeta(storage, created.toMeta());
            return created;
        }
        NodeIdentity found = fromMeta(meta.get());
        if (found.nodeId != config.nodeId()) {
            throw new IllegalStateException("the data directory belongs to node " + found.nodeId + ", this is node "
                    + config.nodeId() + "; start it with node.id=" + found.nodeId + " or with another directory");
        }
        return found;
    }

    private static NodeIdentity fromMeta(Map<String, String> meta) {
        String version = required(meta, "version");
        if (!version.equals(VERSION)) {
            throw new IllegalStateException("meta.properties has version " + version + ", only 1 is known");
        }
        try {
            return new NodeIdentity(
                    required(meta, "cluster.id"),
                    Integer.parseInt(required(meta, "node.id")),
                    TopicIds.fromText(required(meta, "directory.id")));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("meta.properties cannot be read: " + e.getMessage(), e);
        }
    }

    private static String required(Map<String, String> meta, String key) {
        String value = meta.get(key);
        if (value == null) {
            throw new IllegalStateException(
                    "meta.properties has no " + key + "; restore it from a backup of the directory");
        }
        return value;
    }

    private Map<String, String> toMeta() {
        return Map.of(
                "version",
                VERSION,
                "cluster.id",
                clusterId,
                "node.id",
                Integer.toString(nodeId),
                "directory.id",
                TopicIds.toText(directoryId));
    }
}
