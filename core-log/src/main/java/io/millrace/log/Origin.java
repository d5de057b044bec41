package io.millrace.log;

/** Who appends, which decides what is checked. */
public enum Origin {
    /** A producer: everything is checked, offsets and the leader epoch are assigned. */
    CLIENT,
    /** A coordinator of this node: trusted records without sequences, of a producer only the epoch is checked. */
    COORDINATOR,
    /** The partition's leader: the batch is taken as it is, its offsets and epoch included, and never refused. */
    REPLICATION
}
