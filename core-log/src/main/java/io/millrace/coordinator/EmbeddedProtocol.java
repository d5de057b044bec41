package io.millrace.coordinator;

import io.millrace.coordinator.assign.Partitions;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.MalformedMessageException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What consumers of the classic protocol say to each other in its opaque fields, as far as a coordinator has to understand them
 * that lets them into a group of the consumer protocol. Stateless.
 *
 * <pre>
 * ConsumerProtocolSubscription: version (2) | topics | user data | owned partitions, from 1 | generation (4), from 2 | rack, from 3
 * ConsumerProtocolAssignment:   version (2) | assigned partitions | user data
 * </pre>
 */
final class EmbeddedProtocol {

    /** Of both messages; what later ones add comes after what these have. */
    private static final short HIGHEST_VERSION = 3;

    private static final short HAS_OWNED = 1;
    private static final short HAS_GENERATION = 2;
    private static final short HAS_RACK = 3;
    private static final int TOPIC_BYTES_MIN = 6;

    private EmbeddedProtocol() {}

    /**
     * What a member reads.
     *
     * @param owned what it had until now, by topic name
     */
    record Subscription(
            SortedSet<String> topics,
            SortedMap<String, SortedSet<Integer>> owned,
            @Nullable String rack) {}

    /**
     * What a member was given.
     *
     * @param partitions by topic name
     * @param hasUserData whether the assignor said more, which nobody but that assignor understands
     */
    record Assignment(SortedMap<String, SortedSet<Integer>> partitions, boolean hasUserData) {}

    /** @throws MalformedMessageException if it is not a subscription */
    static Subscription subscription(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        short version = version(in);
        List<String> topics = in.required(in.strings(false), "ConsumerProtocolSubscription.topics");
        in.bytes(false);
        SortedMap<String, SortedSet<Integer>> owned =
                version >= HAS_OWNED ? partitions(in) : Collections.emptySortedMap();
        if (version >= HAS_GENERATION) {
            in.int32();
        }
        return new Subscription(new TreeSet<>(topics), owned, version >= HAS_RACK ? in.string(false) : null);
    }

    /** Nothing is assigned by no bytes, as to a member that has not asked yet. */
    static Assignment assignment(byte[] bytes) {
        if (bytes.length == 0) {
            return new Assignment(Collections.emptySortedMap(), false);
        }
        ByteReader in = new ByteReader(bytes);
        version(in);
        SortedMap<String, SortedSet<Integer>> partitions = partitions(in);
        byte[] userData = in.bytes(false);
        return new Assignment(partitions, userData != null && userData.length > 0);
    }

    private static short version(ByteReader in) {
        short version = in.int16();
        if (version < 0) {
            throw new MalformedMessageException("the version of a consumer's message is " + version);
        }
        return version;
    }

    /** Nobody has looked at what members said for protocols that were not used, in groups that were classic at that time. */
    private static short versionOrFirst(byte[] message) {
        try {
            return version(new ByteReader(message));
        } catch (MalformedMessageException e) {
            return 0;
        }
    }

    private static SortedMap<String, SortedSet<Integer>> partitions(ByteReader in) {
        SortedMap<String, SortedSet<Integer>> byTopic = new TreeMap<>();
        int count = in.count(false, TOPIC_BYTES_MIN);
        for (int i = 0; i < count; i++) {
            String topic = in.required(in.string(false), "TopicPartition.topic");
            SortedSet<Integer> ofTopic = byTopic.computeIfAbsent(topic, name -> new TreeSet<>());
            for (int partition : in.required(in.int32s(false), "TopicPartition.partitions")) {
                if (partition < 0) {
                    throw new MalformedMessageException("a consumer's message names partition " + partition);
                }
                ofTopic.add(partition);
            }
        }
        return byTopic;
    }

    /** An assignment in the version in which the member has subscribed; in the first if it did not say which. */
    static byte[] assignment(Partitions partitions, TopicView topics, byte[] subscription) {
        short version = (short) Math.min(versionOrFirst(subscription), HIGHEST_VERSION);
        SortedMap<String, SortedSet<Integer>> byName = ReadTopics.withNames(partitions, topics);
        ByteWriter out = new ByteWriter();
        out.int16(version);
        out.count(byName.size(), false);
        byName.forEach((name, ofTopic) -> {
            out.string(name, false);
            out.int32s(ofTopic.stream().mapToInt(Integer::intValue).toArray(), false);
        });
        out.bytes(null, false);
        return out.toByteArray();
    }
}
