package io.millrace.log;

/** Who appends, which decides what is checked. */
public enum Origin {
    /** A producer: everything is checked, offsets and the leader epoch are assigned. */
    CLIENT,
    /**
     * A transactional producer that keeps its epoch and so its sequences from one transaction to the next. The same is checked,
     * but where nothing is known of it any more it may go on anywhere.
     */
    CLIENT_KEEPING_EPOCH,
    /** A coordinator of this node: trusted records without sequences, of a producer only the epoch is checked. */
    COORDINATOR,
    /** The partition's leader: the batch is taken as it is, its offsets and epoch included, and never refused. */
    REPLICATION;

    /** Whether somebody outside of the node appends. */
    boolean isClient() {
        return this == CLIENT || this == CLIENT_KEEPING_EPOCH;
    }
}
