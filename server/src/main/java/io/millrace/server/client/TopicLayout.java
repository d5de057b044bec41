package io.millrace.server.client;

import java.util.List;
import java.util.UUID;

/**
 * A topic and where its partitions are.
 *
 * @param internal whether it belongs to the log
 * @param partitions in order
 */
public record TopicLayout(String name, UUID id, boolean internal, List<PartitionLayout> partitions) {

    public TopicLayout {
        partitions = List.copyOf(partitions);
    }

    /**
     * One partition.
     *
     * @param leader the node's id, -1 if there is none
     * @param replicas ids of nodes, the preferred one first
     * @param isr ids of nodes that have everything
     */
    public record PartitionLayout(
            int partition, int leader, int leaderEpoch, List<Integer> replicas, List<Integer> isr) {}

    /** Kafka's text of the id: base64 without padding. */
    public String idText() {
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(2 * Long.BYTES);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }
}
