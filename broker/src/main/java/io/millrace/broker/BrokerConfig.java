package io.millrace.broker;

import java.time.Duration;

/**
 * How a broker serves, under Kafka's names and with Kafka's defaults.
 *
 * @param requestBytesMax {@code socket.request.max.bytes}: a longer frame closes the connection
 * @param connectionsMaxIdle {@code connections.max.idle.ms}
 * @param autoCreateTopics {@code auto.create.topics.enable}
 * @param partitionsDefault {@code num.partitions} of a topic that is created without a number
 * @param fetchBytesMax {@code fetch.max.bytes} of a broker: of one response at most, the first batch excepted
 * @param loops threads that own sockets, {@code num.network.threads}
 * @param network what connections may take of the node
 */
public record BrokerConfig(
        int requestBytesMax,
        Duration connectionsMaxIdle,
        boolean autoCreateTopics,
        int partitionsDefault,
        int fetchBytesMax,
        int loops,
        NetworkLimits network) {

    public static final BrokerConfig DEFAULT =
            new BrokerConfig(100 << 20, Duration.ofMinutes(10), true, 1, 55 << 20, 1, NetworkLimits.DEFAULT);

    /** The same with these limits of connections. */
    public BrokerConfig withNetwork(NetworkLimits limits) {
        return new BrokerConfig(
                requestBytesMax, connectionsMaxIdle, autoCreateTopics, partitionsDefault, fetchBytesMax, loops, limits);
    }
}
