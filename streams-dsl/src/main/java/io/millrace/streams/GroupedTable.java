package io.millrace.streams;

import io.millrace.streams.topology.Names;
import io.millrace.streams.topology.Operation;

/** The rows of a table under the keys of their groups, about to be aggregated: a changed row is removed, then added. */
public final class GroupedTable<K, V> {

    private final Draft draft;

    GroupedTable(Draft draft) {
        this.draft = draft;
    }

    /** Names the operator that selects the group. */
    public GroupedTable<K, V> named(String name) {
        draft.name = Names.operator(name);
        return this;
    }

    /** What the operator that selects the group does about errors. */
    public GroupedTable<K, V> onError(ErrorPolicy policy) {
        draft.errorPolicy = policy;
        return this;
    }

    public Table<K, Long> count() {
        return aggregate(Aggregates.counting());
    }

    /**
     * @param add puts a row together with what there is
     * @param remove takes a row out of what there is: {@code remove(total, row)}
     */
    public Table<K, V> reduce(Reducer<V> add, Reducer<V> remove) {
        return aggregate(Aggregates.reducing(add, remove));
    }

    /** @throws IllegalArgumentException if the aggregate cannot remove */
    public <R> Table<K, R> aggregate(Aggregate<? super K, ? super V, ?, ? extends R> aggregate) {
        if (!aggregate.canRemove()) {
            throw new IllegalArgumentException("rows of a table change, but this aggregate cannot remove the old one: "
                    + aggregate + ". Use one that can, such as Aggregates.of(empty, add, merge, remove)");
        }
        return new Table<>(draft.then(new Operation.AggregateTable(Erased.aggregate(aggregate))));
    }
}
