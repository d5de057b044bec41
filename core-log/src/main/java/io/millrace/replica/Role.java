package io.millrace.replica;

/** What a replica does for its partition. */
public sealed interface Role {

    /**
     * It takes appends.
     *
     * @param epoch larger than that of every earlier leader
     * @param startOffset the log end when it began: no record below is of this epoch
     */
    record Leader(int epoch, long startOffset) implements Role {}

    /**
     * It copies a leader.
     *
     * @param epoch of that leader
     * @param leaderId its node id
     */
    record Follower(int epoch, int leaderId) implements Role {}

    /** It takes part in nothing; {@code reason} is one sentence for people. */
    record Offline(String reason) implements Role {}
}
