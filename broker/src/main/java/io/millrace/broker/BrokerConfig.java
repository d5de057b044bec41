package io.millrace.broker;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a broker serves, under Kafka's names and with Kafka's defaults. Made from text by
 * {@code io.millrace.broker.config.NodeSettings}.
 *
 * @param requestBytesMax {@code socket.request.max.bytes}: a longer frame closes the connection
 * @param connectionsMaxIdle {@code connections.max.idle.ms}
 * @param autoCreateTopics {@code auto.create.topics.enable}
 * @param deleteTopics {@code delete.topic.enable}
 * @param partitionsDefault {@code num.partitions} of a topic that is created without a number
 * @param partitionsDescribedMax {@code max.request.partition.size.limit}: in one answer to DescribeTopicPartitions
 * @param fetchBytesMax {@code fetch.max.bytes} of a broker: of one response at most, the first batch excepted
 * @param loops threads that own sockets, {@code num.network.threads}
 * @param network what connections may take of the node
 * @param rack {@code broker.rack}, as clients are told; null if it was not said
 * @param given what the operator wrote, under Kafka's names, for those who ask where a value is from
 */
public record BrokerConfig(
        int requestBytesMax,
        Duration connectionsMaxIdle,
        boolean autoCreateTopics,
        boolean deleteTopics,
        int partitionsDefault,
        int partitionsDescribedMax,
        int fetchBytesMax,
        int loops,
        NetworkLimits network,
        @Nullable String rack,
        Map<String, String> given) {

    public static final BrokerConfig DEFAULT = new BrokerConfig(
            100 << 20, Duration.ofMinutes(10), true, true, 1, 2000, 55 << 20, 1, NetworkLimits.DEFAULT, null, Map.of());

    public BrokerConfig {
        given = Map.copyOf(given);
    }

    /** The same, but clients make no topic by asking for it, and delete none. */
    public BrokerConfig withTopicsOfTheOwnerAlone() {
        return new BrokerConfig(
                requestBytesMax,
                connectionsMaxIdle,
                false,
                false,
                partitionsDefault,
                partitionsDescribedMax,
                fetchBytesMax,
                loops,
                network,
                rack,
                given);
    }

    /** The same with these limits of connections. */
    public BrokerConfig withNetwork(NetworkLimits limits) {
        return new BrokerConfig(
                requestBytesMax,
                connectionsMaxIdle,
                autoCreateTopics,
                deleteTopics,
                partitionsDefault,
                partitionsDescribedMax,
                fetchBytesMax,
                loops,
                limits,
                rack,
                given);
    }
}
