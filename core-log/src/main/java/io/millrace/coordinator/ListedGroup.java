package io.millrace.coordinator;

/**
 * A group in a list.
 *
 * @param protocolType empty for a group that only stores positions
 * @param type Kafka's word for the protocol of its members: {@code classic} or {@code consumer}
 */
public record ListedGroup(String group, String protocolType, GroupState state, String type) {

    public static final String CLASSIC = "classic";
    public static final String CONSUMER = "consumer";
}
