package io.millrace.streams;

import io.millrace.streams.codec.Codec;
import io.millrace.streams.topology.Names;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.JoinKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of facts: keys, values and event times. Each method adds an operator to the topology and answers what comes out
 * of it; {@link #named} and {@link #onError} apply to the operator made last.
 *
 * <p>Functions must not keep or change what they are given, and may throw anything. An operator that needs all records of a
 * key in one place gets an exchange in front of it if a key may have changed on the way; the plan shows it.
 *
 * <p>Where several inputs meet, in a join or a merge, the record with the smallest timestamp goes first, also if they come
 * through exchanges. An input that has something unread is waited for, an idle one is not.
 */
public final class Stream<K, V> {

    private final Draft draft;

    Stream(Draft draft) {
        this.draft = draft;
    }

    // ---- the operator made last

    /** Names the operator made last. The name is its id, also that of its state: it outlives any change around it. */
    public Stream<K, V> named(String name) {
        draft.name = Names.operator(name);
        return this;
    }

    /** What the operator made last does about errors; the job's policy applies without this. */
    public Stream<K, V> onError(ErrorPolicy policy) {
        draft.errorPolicy = policy;
        return this;
    }

    /**
     * Sends the records that come too late for the join made last to a topic, as text for people: values of both streams, as
     * JSON where they are no text.
     *
     * @throws IllegalStateException if the operator made last is not a join of two streams
     */
    public Stream<K, V> lateTo(String topic) {
        requireJoinOfStreams();
        draft.lateTo(topic);
        return this;
    }

    /** As {@link #lateTo(String)}, in a form of one's own: the codec of the values gets values of both streams. */
    public Stream<K, V> lateTo(Topic<? super K, Object> topic) {
        requireJoinOfStreams();
        draft.lateTo(topic);
        return this;
    }

    private void requireJoinOfStreams() {
        if (!(draft.operation.get() instanceof Operation.JoinStreamStream)) {
            throw new IllegalStateException(
                    "only windowed aggregates and joins of two streams have late records; call lateTo right behind the"
                            + " join");
        }
    }

    // ---- record by record

    public Stream<K, V> filter(KeyValuePredicate<? super K, ? super V> predicate) {
        return next(new Operation.Filter(Erased.predicate(predicate), false));
    }

    public Stream<K, V> filterNot(KeyValuePredicate<? super K, ? super V> predicate) {
        return next(new Operation.Filter(Erased.predicate(predicate), true));
    }

    /** Changes key and value. Use {@link #mapValues} where the key stays: it saves an exchange. */
    public <K2, V2> Stream<K2, V2> map(
            KeyValueFunction<? super K, ? super V, ? extends KeyValue<? extends K2, ? extends V2>> function) {
        return next(new Operation.MapRecord(Erased.anyFunction(function)));
    }

    public <V2> Stream<K, V2> mapValues(ValueFunction<? super V, ? extends V2> function) {
        return next(new Operation.MapValues(Erased.ofValue(function)));
    }

    public <V2> Stream<K, V2> mapValues(KeyValueFunction<? super K, ? super V, ? extends V2> function) {
        return next(new Operation.MapValues(Erased.anyFunction(function)));
    }

    public <K2, V2> Stream<K2, V2> flatMap(
            KeyValueFunction<? super K, ? super V, ? extends Iterable<? extends KeyValue<? extends K2, ? extends V2>>>
                    function) {
        return next(new Operation.FlatMapRecord(Erased.anyFunction(function)));
    }

    public <V2> Stream<K, V2> flatMapValues(ValueFunction<? super V, ? extends Iterable<? extends V2>> function) {
        return next(new Operation.FlatMapValues(Erased.anyFunction(Erased.ofValue(function))));
    }

    public <V2> Stream<K, V2> flatMapValues(
            KeyValueFunction<? super K, ? super V, ? extends Iterable<? extends V2>> function) {
        return next(new Operation.FlatMapValues(Erased.anyFunction(function)));
    }

    public <K2> Stream<K2, V> selectKey(KeyValueFunction<? super K, ? super V, ? extends K2> function) {
        return next(new Operation.SelectKey(Erased.anyFunction(function)));
    }

    /** A side effect on the way; at least once. */
    public Stream<K, V> peek(KeyValueAction<? super K, ? super V> action) {
        return next(new Operation.Peek(Erased.action(action)));
    }

    /** A side effect at the end; at least once. */
    public Sink foreach(KeyValueAction<? super K, ? super V> action) {
        return new Sink(draft.then(new Operation.Foreach(Erased.action(action))));
    }

    // ---- shape

    /** The records of both, by timestamp. */
    public Stream<K, V> merge(Stream<K, V> other) {
        return new Stream<>(draft.thenWith(other.draft, new Operation.Merge()));
    }

    /** Several ways out, of which each record takes the first whose predicate says yes. */
    public Split<K, V> split() {
        return new Split<>(draft);
    }

    /** Moves each record to the shard that owns its key. Operators that need this do it themselves. */
    public Stream<K, V> repartition() {
        return next(new Operation.Repartition(0));
    }

    /** As {@link #repartition()}, onto a number of shards of its own: for joins with topics of that many partitions. */
    public Stream<K, V> repartition(int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("repartition needs 1 partition or more, was " + partitions);
        }
        return next(new Operation.Repartition(partitions));
    }

    public GroupedStream<K, V> groupByKey() {
        return new GroupedStream<>(draft, false);
    }

    public <K2> GroupedStream<K2, V> groupBy(KeyValueFunction<? super K, ? super V, ? extends K2> function) {
        return new GroupedStream<>(draft.then(new Operation.SelectKey(Erased.anyFunction(function))), true);
    }

    /** The latest value per key; null deletes. */
    public Table<K, V> toTable() {
        return new Table<>(draft.then(new Operation.StreamToTable()));
    }

    // ---- joins

    /**
     * With the table's row of the same key at the moment of processing: records and rows are taken by timestamp. Records without
     * a row are left out.
     */
    public <V2, R> Stream<K, R> join(Table<K, V2> table, ValueJoiner<? super V, ? super V2, ? extends R> joiner) {
        return joinTable(table, joiner, JoinKind.INNER);
    }

    /** As {@link #join(Table, ValueJoiner)}, with null where there is no row. */
    public <V2, R> Stream<K, R> leftJoin(Table<K, V2> table, ValueJoiner<? super V, ? super V2, ? extends R> joiner) {
        return joinTable(table, joiner, JoinKind.LEFT);
    }

    /** With every record of the same key that is close enough in event time. */
    public <V2, R> Stream<K, R> join(
            Stream<K, V2> right, ValueJoiner<? super V, ? super V2, ? extends R> joiner, JoinWindows windows) {
        return joinStream(right, joiner, windows, JoinKind.INNER);
    }

    /** As the inner join, and each record of this stream that found none, once, with null on the right. */
    public <V2, R> Stream<K, R> leftJoin(
            Stream<K, V2> right, ValueJoiner<? super V, ? super V2, ? extends R> joiner, JoinWindows windows) {
        return joinStream(right, joiner, windows, JoinKind.LEFT);
    }

    /** As the left join, and each record of the right stream that found none, once, with null on the left. */
    public <V2, R> Stream<K, R> outerJoin(
            Stream<K, V2> right, ValueJoiner<? super V, ? super V2, ? extends R> joiner, JoinWindows windows) {
        return joinStream(right, joiner, windows, JoinKind.OUTER);
    }

    // ---- ends

    /** Writes to a topic, which is created if it is missing. */
    public Sink to(Topic<? super K, ? super V> topic) {
        return write(topic, null);
    }

    public Sink to(Topic<? super K, ? super V> topic, Partitioner<? super K, ? super V> partitioner) {
        return write(topic, Erased.partitioner(partitioner));
    }

    /** Writes each record to the topic that {@code chooser} names. A missing one is created with as many partitions as the job has shards. */
    public Sink to(
            KeyValueFunction<? super K, ? super V, String> chooser, Codec<? super K> keys, Codec<? super V> values) {
        return new Sink(draft.then(
                new Operation.WriteTopic(null, Erased.anyFunction(chooser), keys, values, null, 0, Map.of())));
    }

    // ---- one's own

    /**
     * An operator of one's own, which may change keys; {@link #processValues} saves an exchange where it does not. All records of
     * a key come to the same instance.
     *
     * <p>What comes out follows from the class of the processor: {@code process(Dedup::new, "seen")}. A lambda in its place does
     * not say what it forwards; its output is of the type that the stream is assigned to.
     */
    public <K2, V2> Stream<K2, V2> process(ProcessorSupplier<? super K, ? super V, K2, V2> supplier) {
        return next(new Operation.RunProcessor(Erased.supplier(supplier), true));
    }

    /** As {@link #process(ProcessorSupplier)}, with stores by name beside those that the supplier names. */
    public <K2, V2> Stream<K2, V2> process(ProcessorSupplier<? super K, ? super V, K2, V2> supplier, String... stores) {
        return next(
                new Operation.RunProcessor(new SupplierWithStores(Erased.supplier(supplier), List.of(stores)), true));
    }

    /** An operator of one's own that keeps the key, with stores by name. All records of a key come to the same instance. */
    public <V2> Stream<K, V2> processValues(
            ValueProcessorSupplier<? super K, ? super V, V2> supplier, String... stores) {
        return next(new Operation.RunProcessor(KeyKeeper.supplier(supplier, List.of(stores)), false));
    }

    private Sink write(Topic<? super K, ? super V> topic, @Nullable Partitioner<Object, Object> partitioner) {
        Draft write = draft.then(new Operation.WriteTopic(
                topic.name(), null, topic.keys(), topic.values(), partitioner, topic.partitions(), topic.configs()));
        write.topic = topic;
        return new Sink(write);
    }

    private <K2, V2> Stream<K2, V2> next(Operation operation) {
        return new Stream<>(draft.then(operation));
    }

    private <R> Stream<K, R> joinTable(Table<K, ?> table, ValueJoiner<?, ?, ?> joiner, JoinKind kind) {
        return new Stream<>(draft.thenWith(table.draft(), new Operation.JoinStreamTable(Erased.joiner(joiner), kind)));
    }

    private <R> Stream<K, R> joinStream(
            Stream<K, ?> right, ValueJoiner<?, ?, ?> joiner, JoinWindows windows, JoinKind kind) {
        return new Stream<>(
                draft.thenWith(right.draft, new Operation.JoinStreamStream(Erased.joiner(joiner), kind, windows)));
    }
}
