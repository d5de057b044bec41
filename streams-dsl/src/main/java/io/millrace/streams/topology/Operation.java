package io.millrace.streams.topology;

import io.millrace.streams.Aggregate;
import io.millrace.streams.Emit;
import io.millrace.streams.JoinWindows;
import io.millrace.streams.KeyValue;
import io.millrace.streams.KeyValueAction;
import io.millrace.streams.KeyValueFunction;
import io.millrace.streams.KeyValuePredicate;
import io.millrace.streams.OffsetReset;
import io.millrace.streams.Partitioner;
import io.millrace.streams.ProcessorSupplier;
import io.millrace.streams.Source;
import io.millrace.streams.TimestampExtractor;
import io.millrace.streams.ValueJoiner;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node does. Types are erased here: the DSL checked them.
 *
 * <p>Streams carry values; tables carry {@code Change(old, new)}.
 */
public sealed interface Operation {

    /** Whether records leave with another key than they came with, so that a stateful operator behind needs an exchange. */
    default boolean changesKey() {
        return false;
    }

    // ---- sources

    record ReadTopic(
            TopicSelection topics,
            Codec<?> keys,
            Codec<?> values,
            @Nullable TimestampExtractor<Object, Object> timestamps,
            OffsetReset reset)
            implements Operation {}

    /** A table whose changelog is the topic itself. */
    record ReadTable(
            String topic,
            Codec<?> keys,
            Codec<?> values,
            @Nullable TimestampExtractor<Object, Object> timestamps) implements Operation {}

    /** Foreign data. Its keys are not partitioned, so a stateful operator behind it needs an exchange. */
    record ReadSource(String name, Source<Object, Object> source) implements Operation {
        @Override
        public boolean changesKey() {
            return true;
        }
    }

    // ---- stateless, on streams

    record Filter(KeyValuePredicate<Object, Object> predicate, boolean negated) implements Operation {}

    record MapValues(KeyValueFunction<Object, Object, Object> function) implements Operation {}

    record FlatMapValues(KeyValueFunction<Object, Object, Iterable<Object>> function) implements Operation {}

    record MapRecord(KeyValueFunction<Object, Object, KeyValue<Object, Object>> function) implements Operation {
        @Override
        public boolean changesKey() {
            return true;
        }
    }

    record FlatMapRecord(KeyValueFunction<Object, Object, Iterable<KeyValue<Object, Object>>> function)
            implements Operation {
        @Override
        public boolean changesKey() {
            return true;
        }
    }

    record SelectKey(KeyValueFunction<Object, Object, Object> function) implements Operation {
        @Override
        public boolean changesKey() {
            return true;
        }
    }

    record Peek(KeyValueAction<Object, Object> action) implements Operation {}

    record Foreach(KeyValueAction<Object, Object> action) implements Operation {}

    /** All inputs, one after the other as they come. */
    record Merge() implements Operation {}

    /** Sends each record to the first branch whose predicate says yes; its children are {@link Branch} nodes. */
    record Split(List<KeyValuePredicate<Object, Object>> predicates) implements Operation {
        public Split {
            predicates = List.copyOf(predicates);
        }
    }

    /** One way out of a {@link Split}; the index behind the last predicate takes what none wanted. */
    record Branch(int index) implements Operation {}

    /** A user's processor with state and timers. */
    record RunProcessor(ProcessorSupplier<Object, Object, Object, Object> supplier, boolean changesKey)
            implements Operation {}

    /** Asked for by the user; {@code partitions} 0 keeps the shard count. The planner adds the ones it needs itself. */
    record Repartition(int partitions) implements Operation {}

    // ---- aggregates of streams; inputs are grouped by their key

    /** A table per key, or per key and window. With windows the key becomes {@code Windowed}. */
    record AggregateStream(
            Aggregate<Object, Object, Object, Object> aggregate,
            @Nullable Windows windows,
            Emit emit) implements Operation {}

    // ---- tables

    record StreamToTable() implements Operation {}

    record TableFilter(KeyValuePredicate<Object, Object> predicate, boolean negated) implements Operation {}

    record TableMapValues(KeyValueFunction<Object, Object, Object> function) implements Operation {}

    /** Rows of a table under the key of their group; carries {@code Change}. Needs an exchange behind it. */
    record TableGroupBy(KeyValueFunction<Object, Object, KeyValue<Object, Object>> function) implements Operation {
        @Override
        public boolean changesKey() {
            return true;
        }
    }

    /** Removes the old row from its group, then adds the new one. */
    record AggregateTable(Aggregate<Object, Object, Object, Object> aggregate) implements Operation {}

    record TableToStream() implements Operation {}

    // ---- joins; left input first

    enum JoinKind {
        INNER,
        LEFT,
        OUTER
    }

    /** Left input a stream, right input a table. */
    record JoinStreamTable(ValueJoiner<Object, Object, Object> joiner, JoinKind kind) implements Operation {}

    record JoinStreamStream(ValueJoiner<Object, Object, Object> joiner, JoinKind kind, JoinWindows windows)
            implements Operation {}

    record JoinTableTable(ValueJoiner<Object, Object, Object> joiner, JoinKind kind) implements Operation {}

    // ---- sinks

    /**
     * Writes to a topic.
     *
     * @param topic its name, null if {@code chooser} answers it per record
     * @param partitionCount to create the topic with if it is missing; 0 for the shard count
     * @param configs to create the topic with
     */
    record WriteTopic(
            @Nullable String topic,
            @Nullable KeyValueFunction<Object, Object, String> chooser,
            Codec<?> keys,
            Codec<?> values,
            @Nullable Partitioner<Object, Object> partitioner,
            int partitionCount,
            Map<String, String> configs)
            implements Operation {
        public WriteTopic {
            configs = Map.copyOf(configs);
        }
    }
}
