package io.millrace.broker.handler;

import java.util.List;

/**
 * One of Kafka's features, as ApiVersions tells (KIP-584). The levels that are finalized are what clients may rely on; here that
 * is always the highest one, for there is one node.
 *
 * @param name Kafka's name of it
 * @param lowest level that is supported
 * @param highest level that is supported, and finalized
 */
record Feature(String name, short lowest, short highest) {

    /** What the node has. To serve another feature, add it here. */
    static final List<Feature> ALL = List.of(
            // KIP-890: with 2, clients leave it to Produce and TxnOffsetCommit to add partitions, and each end bumps
            // the epoch.
            new Feature("transaction.version", (short) 0, (short) 2),
            // KIP-848: the consumer group protocol.
            new Feature("group.version", (short) 0, (short) 1));
}
