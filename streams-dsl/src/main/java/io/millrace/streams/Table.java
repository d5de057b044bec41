package io.millrace.streams;

import io.millrace.streams.topology.Names;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.JoinKind;

/**
 * The latest value per key. Each method adds an operator to the topology and answers what comes out of it; {@link #named} and
 * {@link #onError} apply to the operator made last.
 */
public final class Table<K, V> {

    private final Draft draft;

    Table(Draft draft) {
        this.draft = draft;
    }

    /** Names the operator made last. The name is its id, also that of its state: it outlives any change around it. */
    public Table<K, V> named(String name) {
        draft.name = Names.operator(name);
        return this;
    }

    /** What the operator made last does about errors; the job's policy applies without this. */
    public Table<K, V> onError(ErrorPolicy policy) {
        draft.errorPolicy = policy;
        return this;
    }

    /** The rows for which the predicate says yes; a row that changes to no is deleted. */
    public Table<K, V> filter(KeyValuePredicate<? super K, ? super V> predicate) {
        return next(new Operation.TableFilter(Erased.predicate(predicate), false));
    }

    public Table<K, V> filterNot(KeyValuePredicate<? super K, ? super V> predicate) {
        return next(new Operation.TableFilter(Erased.predicate(predicate), true));
    }

    public <V2> Table<K, V2> mapValues(ValueFunction<? super V, ? extends V2> function) {
        return next(new Operation.TableMapValues(Erased.ofValue(function)));
    }

    public <V2> Table<K, V2> mapValues(KeyValueFunction<? super K, ? super V, ? extends V2> function) {
        return next(new Operation.TableMapValues(Erased.anyFunction(function)));
    }

    /** The rows under other keys and values, about to be aggregated. A row that changes its group leaves the old one. */
    public <K2, V2> GroupedTable<K2, V2> groupBy(
            KeyValueFunction<? super K, ? super V, ? extends KeyValue<? extends K2, ? extends V2>> function) {
        return new GroupedTable<>(draft.then(new Operation.TableGroupBy(Erased.anyFunction(function))));
    }

    /** The updates as facts; a deletion is a null value. */
    public Stream<K, V> toStream() {
        return new Stream<>(draft.then(new Operation.TableToStream()));
    }

    /** Rows that both have. */
    public <V2, R> Table<K, R> join(Table<K, V2> right, ValueJoiner<? super V, ? super V2, ? extends R> joiner) {
        return joinTable(right, joiner, JoinKind.INNER);
    }

    /** Rows of this table, with null where the right one has none. */
    public <V2, R> Table<K, R> leftJoin(Table<K, V2> right, ValueJoiner<? super V, ? super V2, ? extends R> joiner) {
        return joinTable(right, joiner, JoinKind.LEFT);
    }

    /** Rows that either has, with null for the other. */
    public <V2, R> Table<K, R> outerJoin(Table<K, V2> right, ValueJoiner<? super V, ? super V2, ? extends R> joiner) {
        return joinTable(right, joiner, JoinKind.OUTER);
    }

    Draft draft() {
        return draft;
    }

    private <V2> Table<K, V2> next(Operation operation) {
        return new Table<>(draft.then(operation));
    }

    private <R> Table<K, R> joinTable(Table<K, ?> right, ValueJoiner<?, ?, ?> joiner, JoinKind kind) {
        return new Table<>(draft.thenWith(right.draft, new Operation.JoinTableTable(Erased.joiner(joiner), kind)));
    }
}
