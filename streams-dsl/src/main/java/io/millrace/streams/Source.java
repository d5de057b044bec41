package io.millrace.streams;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The port by which foreign data enters a job. Its position commits in the job's own epoch: whatever happens, no record is
 * taken twice or left out, if the source can be read again from a position.
 *
 * <p>A source is divided into splits that are read side by side; each split is read by one task. The methods are called from
 * the job's I/O thread and must not block for long.
 */
public interface Source<K, V> {

    /** One foreign record; {@code timestampMs} is event time, ms since 1970. */
    record SourceRecord<K extends @Nullable Object, V extends @Nullable Object>(K key, V value, long timestampMs) {}

    /** What a poll found: records, the position behind them, and whether the split has ended for good. */
    record Batch<K, V>(List<SourceRecord<K, V>> records, Map<String, String> nextPosition, boolean ended) {

        public Batch {
            nextPosition = Map.copyOf(nextPosition);
        }
    }

    /** Stable names of the splits, at least one. A split that was read once must not change its name. */
    List<String> splits();

    /** Opens a split behind {@code position}, or at its start if the position is empty. */
    Reader<K, V> open(String split, Map<String, String> position) throws Exception;

    /** Reads one split; owned by one thread. */
    interface Reader<K, V> extends AutoCloseable {

        /**
         * The next records, at most {@code recordsMax}; an empty batch if there are none at the moment.
         *
         * @throws Exception if the split cannot be read; the message must say which input, where in it, and why
         */
        Batch<K, V> poll(int recordsMax) throws Exception;

        /** How far the split has been read, 0 to 1; negative if unknown. */
        default double progress() {
            return -1;
        }

        @Override
        void close() throws java.io.IOException;
    }
}
