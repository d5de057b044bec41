package io.millrace.streams;

import io.millrace.streams.codec.Codec;
import io.millrace.streams.topology.Names;
import io.millrace.streams.topology.TopicSelection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Several topics with records of the same types, read as one stream. They must exist. Immutable. */
public final class Topics<K, V> {

    private final TopicSelection selection;
    private final Codec<K> keys;
    private final Codec<V> values;
    private final @Nullable TimestampExtractor<? super K, ? super V> timestamps;
    private final OffsetReset reset;

    private Topics(
            TopicSelection selection,
            Codec<K> keys,
            Codec<V> values,
            @Nullable TimestampExtractor<? super K, ? super V> timestamps,
            OffsetReset reset) {
        this.selection = selection;
        this.keys = keys;
        this.values = values;
        this.timestamps = timestamps;
        this.reset = reset;
    }

    public static <K, V> Topics<K, V> of(List<String> names, Codec<K> keys, Codec<V> values) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a stream needs at least one topic");
        }
        names.forEach(Names::topic);
        Topic.checkKeys(String.join(", ", names), keys);
        return new Topics<>(new TopicSelection.Named(names), keys, values, null, OffsetReset.EARLIEST);
    }

    /** The topics that exist when the job starts and whose whole name matches. */
    public static <K, V> Topics<K, V> matching(Pattern pattern, Codec<K> keys, Codec<V> values) {
        Topic.checkKeys("topics matching " + pattern, keys);
        return new Topics<>(new TopicSelection.Matching(pattern), keys, values, null, OffsetReset.EARLIEST);
    }

    /** As {@link Topic#timestamps(TimestampExtractor)}. */
    public Topics<K, V> timestamps(TimestampExtractor<? super K, ? super V> extractor) {
        return new Topics<>(selection, keys, values, extractor, reset);
    }

    /** As {@link Topic#reset(OffsetReset)}. */
    public Topics<K, V> reset(OffsetReset offsetReset) {
        return new Topics<>(selection, keys, values, timestamps, offsetReset);
    }

    TopicSelection selection() {
        return selection;
    }

    Codec<K> keys() {
        return keys;
    }

    Codec<V> values() {
        return values;
    }

    @Nullable
    TimestampExtractor<? super K, ? super V> timestamps() {
        return timestamps;
    }

    OffsetReset reset() {
        return reset;
    }
}
