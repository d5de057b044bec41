package io.millrace.coordinator;

import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.MalformedMessageException;
import java.util.List;

/**
 * Which topics the consumers of a group read: the one thing that a coordinator reads in what members say. Every version of
 * {@code ConsumerProtocolSubscription} begins like version 0, with the version and the names of the topics.
 */
final class SubscribedTopics {

    /** The protocol type of Kafka's consumers. */
    static final String PROTOCOL_TYPE = "consumer";

    private SubscribedTopics() {}

    /** Whether some member reads the topic, or may: nobody knows it before the members have agreed upon a protocol. */
    static boolean contain(ClassicGroup group, String topic) {
        if (!group.isConsumers() || group.members().isEmpty()) {
            return false;
        }
        if (!areKnown(group)) {
            return true;
        }
        return group.subscriptions().stream()
                .anyMatch(subscription -> read(subscription).contains(topic));
    }

    static boolean areKnown(ClassicGroup group) {
        if (group.protocol() == null) {
            return false;
        }
        try {
            group.subscriptions().forEach(SubscribedTopics::read);
            return true;
        } catch (MalformedMessageException e) {
            return false;
        }
    }

    private static List<String> read(byte[] subscription) {
        ByteReader in = new ByteReader(subscription);
        in.int16(); // the version
        return in.required(in.strings(false), "ConsumerProtocolSubscription.topics");
    }
}
