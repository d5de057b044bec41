package io.millrace.coordinator;

/**
 * By which rules a producer ends its transactions: the levels of Kafka's feature {@code transaction.version}. What counts is
 * the producer's version, which its requests tell, not the node's, which knows them all.
 *
 * <p>Source: KIP-890.
 */
public enum TransactionVersion {
    /** A producer names its partitions first and keeps its epoch from one transaction to the next. */
    V0(0),
    /** The same; the coordinator writes flexible records. */
    V1(1),
    /** The first write makes a partition a part of the transaction, and each end bumps the epoch. */
    V2(2);

    private final short level;

    TransactionVersion(int level) {
        this.level = (short) level;
    }

    /** Kafka's number of it. */
    public short level() {
        return level;
    }

    /** Whether the markers, and what comes after them, have the next epoch. */
    public boolean bumpsEpoch() {
        return this == V2;
    }

    /** The version of this level; the newest known for a newer one. */
    public static TransactionVersion ofLevel(int level) {
        return level >= V2.level ? V2 : level == V1.level ? V1 : V0;
    }
}
