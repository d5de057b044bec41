package io.millrace.streams;

import io.millrace.streams.topology.Names;
import io.millrace.streams.topology.Operation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several ways out of a stream. A record takes the first way whose predicate says yes, in the order they were asked for; one
 * that none wants goes to {@link #otherwise}, or nowhere.
 */
public final class Split<K, V> {

    private final List<KeyValuePredicate<Object, Object>> predicates = new ArrayList<>();
    private final Draft draft;
    private @Nullable Stream<K, V> rest;

    Split(Draft input) {
        draft = input.builder.add(List.of(input), this::operation);
    }

    /** The records that no earlier branch took and for which the predicate says yes. */
    public Stream<K, V> when(KeyValuePredicate<? super K, ? super V> predicate) {
        int index = predicates.size();
        predicates.add(Erased.predicate(predicate));
        return new Stream<>(draft.then(new Operation.Branch(index)));
    }

    /** The records that no branch takes, also none that is asked for later. */
    public Stream<K, V> otherwise() {
        if (rest == null) {
            rest = new Stream<>(draft.builder.add(List.of(draft), () -> new Operation.Branch(predicates.size())));
        }
        return rest;
    }

    /** Names the split. */
    public Split<K, V> named(String name) {
        draft.name = Names.operator(name);
        return this;
    }

    /** What the split does about predicates that throw. */
    public Split<K, V> onError(ErrorPolicy policy) {
        draft.errorPolicy = policy;
        return this;
    }

    private Operation operation() {
        return new Operation.Split(predicates);
    }
}
