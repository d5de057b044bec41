package io.millrace.broker;

/**
 * The one node that is the cluster.
 *
 * @param id Kafka's {@code cluster.id}
 * @param nodeId Kafka's {@code node.id}
 */
public record Cluster(String id, int nodeId) {}
