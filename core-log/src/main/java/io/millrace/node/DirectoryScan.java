package io.millrace.node;

import io.millrace.client.TopicDescription;
import io.millrace.log.LogStorage;
import io.millrace.log.TopicIds;
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

    private DirectoryScan() {}

    /** Users' topics by name, found in their directories. */
    static Map<String, TopicDescription> topics(LogStorage storage) {
        Map<String, TopicDescription> topics = new HashMap<>();
        for (String directory : storage.list("")) {
            int dash = directory.lastIndexOf('-');
            if (dash <= 0 || DeletedDirectories.isDeleted(directory)) {
                continue;
            }
            String topic = directory.substring(0, dash);
            String index = directory.substring(dash + 1);
            Optional<UUID> id = TopicIds.read(storage, directory);
            if (id.isEmpty()
                    || !index.matches("\\d{1,9}")
                    || TopicNames.isInternal(topic)
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

    /** The id of one of the log's own topics, whose shape is known without a scan, in a directory of it. */
    static Optional<UUID> idOf(LogStorage storage, String internalTopic) {
        return storage.list("").stream()
                .filter(directory ->
                        directory.startsWith(internalTopic + "-") && !DeletedDirectories.isDeleted(directory))
                .flatMap(directory -> TopicIds.read(storage, directory).stream())
                .findFirst();
    }
}
