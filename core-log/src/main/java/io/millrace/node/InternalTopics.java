package io.millrace.node;

import io.millrace.client.TopicPartition;

/** Which partition of an internal topic a name is kept in: Kafka's rule, so that its tools look in the right place. */
final class InternalTopics {

    static final int PARTITION_COUNT = 50;

    private InternalTopics() {}

    /** Where a group's positions are. */
    static TopicPartition ofGroup(String group) {
        return new TopicPartition(TopicNames.CONSUMER_OFFSETS, partitionOf(group));
    }

    /** Where a transactional id's state is. */
    static TopicPartition ofTransactionalId(String transactionalId) {
        return new TopicPartition(TopicNames.TRANSACTION_STATE, partitionOf(transactionalId));
    }

    private static int partitionOf(String name) {
        int hash = name.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % PARTITION_COUNT;
    }
}
