package io.millrace.streams.plan;

import io.millrace.streams.codec.Codec;
import io.millrace.streams.codec.Codecs;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether the shard of a record follows from its key. */
sealed interface Placement {

    /**
     * Equal keys are in one shard.
     *
     * @param partitions over how many shards the keys are spread
     * @param keys codec whose bytes choose the shard, null for canonical bytes
     */
    record ByKey(int partitions, @Nullable Codec<?> keys) implements Placement {

        /** Of a topic's codec: those whose bytes are the canonical ones need no mention. */
        static ByKey ofTopic(int partitions, Codec<?> keys) {
            return new ByKey(partitions, Codecs.isCanonicalForm(keys) ? null : keys);
        }

        boolean sameKeys(ByKey other) {
            return keysName().equals(other.keysName());
        }

        /** The placement of the same records, once their keys have been put into windows. */
        ByKey windowed(long sizeMs) {
            return keys == null ? this : new ByKey(partitions, Codecs.windowed(keys, sizeMs));
        }

        String keysName() {
            return keys == null ? "canonical" : keys.name();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ByKey that && partitions == that.partitions && sameKeys(that);
        }

        @Override
        public int hashCode() {
            return Objects.hash(partitions, keysName());
        }
    }

    /** Equal keys may be in several shards; {@code because} is half a sentence that names the culprit. */
    record Anywhere(String because) implements Placement {}
}
