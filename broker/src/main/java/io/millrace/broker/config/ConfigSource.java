package io.millrace.broker.config;

/** Where a value is from, with Kafka's numbers (KIP-226). */
public enum ConfigSource {
    TOPIC(1),
    /** Set for this node while it ran. */
    NODE(2),
    /** Set for all nodes while they ran. */
    ALL_NODES(3),
    /** The node was started with it. */
    STATIC(4),
    DEFAULT(5),
    CLIENT_METRICS(7),
    GROUP(8);

    private final byte code;

    ConfigSource(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }
}
