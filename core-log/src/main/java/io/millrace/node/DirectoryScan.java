package io.millrace.node;

import io.millrace.client.TopicDescription;
import io.millrace.log.LogStorage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What the partition directories themselves say of the topics: the answer when the metadata image is lost (S4).
 *
 * <p>Each directory names its topic's id in Kafka's {@code partition.metadata}. Configurations are not to be found there, so
 * such a topic keeps everything until somebody says otherwise: a lost setting must never delete data.
 */
final class DirectoryScan {

    static final String PARTITION_METADATA = "partition.metadata";

    private static final String TOPIC_ID = "topic_id: ";

    private DirectoryScan() {}

    static byte[] partitionMetadata(UUID topicId) {
        return ("version: 0\n" + TOPIC_ID + KafkaUuid.format(topicId)).getBytes(StandardCharsets.UTF_8);
    }

    /** Topics by name, found in their directories. */
    static Map<String, TopicDescription> topics(LogStorage storage) {
        Map<String, TopicDescription> topics = new HashMap<>();
        for (String directory : storage.list("")) {
            int dash = directory.lastIndexOf('-');
            if (dash <= 0 || DeletedDirectories.isDeleted(directory)) {
                continue;
            }
            String topic = directory.substring(0, dash);
            String index = directory.substring(dash + 1);
            Optional<UUID> id = topicId(storage, directory);
            if (id.isEmpty()
                    || !index.matches("\\d{1,9}")
                    || TopicNames.problem(topic).isPresent()) {
                continue;
            }
            int count = Integer.parseInt(index) + 1;
            TopicDescription known = topics.get(topic);
            int partitionCount = known == null ? count : Math.max(count, known.partitionCount());
            topics.put(
                    topic, new TopicDescription(topic, id.get(), partitionCount, Map.of("cleanup.policy", ""), false));
        }
        return topics;
    }

    private static Optional<UUID> topicId(LogStorage storage, String directory) {
        String file = directory + "/" + PARTITION_METADATA;
        if (!storage.exists(file)) {
            return Optional.empty();
        }
        String text = new String(storage.readAll(file), StandardCharsets.UTF_8);
        int at = text.indexOf(TOPIC_ID);
        if (at < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    KafkaUuid.parse(text.substring(at + TOPIC_ID.length()).strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
