package io.millrace.server.client;

import io.millrace.client.TopicPartition;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.MalformedMessageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What consumers of the classic protocol tell each other through the group, as Kafka's own do: {@code ConsumerProtocolSubscription}
 * and {@code ConsumerProtocolAssignment}, of which version 0 is written and the part that all versions begin with is read.
 *
 * <pre>
 * subscription  version (2) | topics: string[] | user data: nullable bytes | …
 * assignment    version (2) | [topic: string | partitions: int32[]][] | user data: nullable bytes
 * </pre>
 */
public final class ConsumerProtocol {

    public static final String TYPE = "consumer";

    /** The assignor that every consumer has. */
    static final String RANGE = "range";

    private static final int NOT_FLEXIBLE_BYTES_MIN = 2;

    private ConsumerProtocol() {}

    static byte[] subscription(List<String> topics) {
        ByteWriter out = new ByteWriter();
        out.int16((short) 0);
        out.strings(topics, false);
        out.bytes(null, false);
        return out.toByteArray();
    }

    static List<String> topics(byte[] subscription) {
        ByteReader in = new ByteReader(subscription);
        in.int16();
        return Objects.requireNonNullElse(in.strings(false), List.of());
    }

    static byte[] assignment(Collection<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        partitions.forEach(one ->
                byTopic.computeIfAbsent(one.topic(), topic -> new ArrayList<>()).add(one.partition()));
        ByteWriter out = new ByteWriter();
        out.int16((short) 0);
        out.count(byTopic.size(), false);
        byTopic.forEach((topic, numbers) -> {
            out.string(topic, false);
            out.int32s(numbers.stream().mapToInt(Integer::intValue).toArray(), false);
        });
        out.bytes(null, false);
        return out.toByteArray();
    }

    /** The partitions of an assignment; empty if it is none of this protocol. */
    public static List<TopicPartition> partitions(byte[] assignment) {
        List<TopicPartition> partitions = new ArrayList<>();
        if (assignment.length == 0) {
            return partitions;
        }
        try {
            ByteReader in = new ByteReader(assignment);
            in.int16();
            for (int left = in.count(false, NOT_FLEXIBLE_BYTES_MIN); left > 0; left--) {
                String topic = String.valueOf(in.string(false));
                for (int partition : Objects.requireNonNullElse(in.int32s(false), new int[0])) {
                    partitions.add(new TopicPartition(topic, partition));
                }
            }
            return partitions;
        } catch (MalformedMessageException | IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Kafka's range assignment: of each topic every member gets a run of partitions, the first members one more. */
    static Map<String, List<TopicPartition>> range(
            Map<String, List<String>> topicsByMember, Map<String, Integer> counts) {
        Map<String, List<TopicPartition>> assigned = new TreeMap<>();
        topicsByMember.keySet().forEach(member -> assigned.put(member, new ArrayList<>()));
        counts.forEach((topic, count) -> {
            List<String> members = new ArrayList<>(new TreeSet<>(topicsByMember.keySet()));
            members.removeIf(
                    member -> !topicsByMember.getOrDefault(member, List.of()).contains(topic));
            int next = 0;
            for (int i = 0; i < members.size(); i++) {
                int share = count / members.size() + (i < count % members.size() ? 1 : 0);
                for (int n = 0; n < share; n++) {
                    assigned.getOrDefault(members.get(i), new ArrayList<>()).add(new TopicPartition(topic, next++));
                }
            }
        });
        return assigned;
    }
}
