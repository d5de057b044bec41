package io.millrace.streams.runtime;

import io.millrace.client.TopicDescription;
import io.millrace.record.Compression;

/**
 * What must be known of a topic to write to it.
 *
 * @param name its name
 * @param partitionCount its partitions
 * @param batchBytesMax {@code max.message.bytes} of the topic
 * @param compression {@code compression.type} of the topic; none if it leaves the choice to producers
 */
public record OutputTopic(String name, int partitionCount, int batchBytesMax, Compression compression) {

    /** Kafka's default of {@code max.message.bytes}. */
    static final int MESSAGE_BYTES_MAX_DEFAULT = 1_048_588;

    /** Of a topic as the log describes it. */
    public static OutputTopic of(TopicDescription topic) {
        String limit = topic.configs().get("max.message.bytes");
        String codec = topic.configs().getOrDefault("compression.type", "producer");
        Compression compression =
                "producer".equals(codec) || "uncompressed".equals(codec) ? Compression.NONE : Compression.named(codec);
        return new OutputTopic(
                topic.name(),
                topic.partitionCount(),
                limit == null ? MESSAGE_BYTES_MAX_DEFAULT : Integer.parseInt(limit),
                compression);
    }
}
