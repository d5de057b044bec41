package io.millrace.coordinator;

/**
 * A group in a list.
 *
 * @param protocolType empty for a group that only stores positions
 * @param type Kafka's word for the protocol of its members: {@code classic}
 */
public record ListedGroup(String group, String protocolType, GroupState state, String type) {

    /** The only type there is. */
    public static final String CLASSIC = "classic";
}
