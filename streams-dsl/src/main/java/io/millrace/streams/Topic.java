package io.millrace.streams;

import io.millrace.streams.codec.Codec;
import io.millrace.streams.topology.Names;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A topic and the types of its records. Immutable: every method that configures it answers another one.
 *
 * <p>Partition count and configs are used when a job has to create the topic; a topic that exists is taken as it is.
 */
public final class Topic<K, V> {

    private final String name;
    private final Codec<K> keys;
    private final Codec<V> values;
    private final int partitions;
    private final Map<String, String> configs;
    private final @Nullable TimestampExtractor<? super K, ? super V> timestamps;
    private final OffsetReset reset;

    private Topic(
            String name,
            Codec<K> keys,
            Codec<V> values,
            int partitions,
            Map<String, String> configs,
            @Nullable TimestampExtractor<? super K, ? super V> timestamps,
            OffsetReset reset) {
        this.name = name;
        this.keys = keys;
        this.values = values;
        this.partitions = partitions;
        this.configs = configs;
        this.timestamps = timestamps;
        this.reset = reset;
    }

    /** @throws IllegalArgumentException if Kafka would not allow the name, or the codec of the keys is not canonical */
    public static <K, V> Topic<K, V> of(String name, Codec<K> keys, Codec<V> values) {
        checkKeys(name, keys);
        return new Topic<>(Names.topic(name), keys, values, 0, Map.of(), null, OffsetReset.EARLIEST);
    }

    /** To create it with, 1 or more. Without this a new topic gets as many partitions as its job has shards. */
    public Topic<K, V> partitions(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("topic " + name + " needs 1 partition or more, was " + count);
        }
        return new Topic<>(name, keys, values, count, configs, timestamps, reset);
    }

    /** To create it with; keys are Kafka's topic configs, such as {@code cleanup.policy}. */
    public Topic<K, V> config(String key, String value) {
        Map<String, String> more = new TreeMap<>(configs);
        more.put(key, value);
        return new Topic<>(name, keys, values, partitions, Map.copyOf(more), timestamps, reset);
    }

    /** Where event time comes from; without this it is the record's own timestamp. */
    public Topic<K, V> timestamps(TimestampExtractor<? super K, ? super V> extractor) {
        return new Topic<>(name, keys, values, partitions, configs, extractor, reset);
    }

    /** Where a job begins that has no committed position; without this at the earliest record. Tables always do. */
    public Topic<K, V> reset(OffsetReset offsetReset) {
        return new Topic<>(name, keys, values, partitions, configs, timestamps, offsetReset);
    }

    public String name() {
        return name;
    }

    public Codec<K> keys() {
        return keys;
    }

    public Codec<V> values() {
        return values;
    }

    /** To create it with, 0 for the shard count of the job. */
    public int partitions() {
        return partitions;
    }

    public Map<String, String> configs() {
        return configs;
    }

    public @Nullable TimestampExtractor<? super K, ? super V> timestamps() {
        return timestamps;
    }

    public OffsetReset reset() {
        return reset;
    }

    static void checkKeys(String topic, Codec<?> keys) {
        if (!keys.isCanonical()) {
            throw new IllegalArgumentException("the keys of " + topic + " cannot be " + keys.name()
                    + ", which may give equal keys different bytes and so different partitions; use a canonical codec, such as"
                    + " Codecs.string(), or Codecs.json(Class) of a class without unordered sets, parts declared as Object, and"
                    + " types that need a module of Jackson (java.time)");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
