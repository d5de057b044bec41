package io.millrace.coordinator;

/** Where a group stands; Kafka's words. */
public enum GroupState {
    /** Nobody is in it. */
    EMPTY("Empty"),
    /** It waits for its members to join. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** Everybody has joined; it waits for the leader's assignment. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Consumer protocol: members, or what they read, have changed, and the assignment has not yet. */
    ASSIGNING("Assigning"),
    /** Consumer protocol: members are on their way to the newest assignment. */
    RECONCILING("Reconciling"),
    /** Every member has an assignment. */
    STABLE("Stable"),
    /** It is not known. */
    DEAD("Dead");

    private final String word;

    GroupState(String word) {
        this.word = word;
    }

    /** As Kafka's clients and tools spell it. */
    public String word() {
        return word;
    }
}
