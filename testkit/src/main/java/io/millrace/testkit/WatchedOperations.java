package io.millrace.testkit;

import io.millrace.streams.KeyValueAction;
import io.millrace.streams.KeyValueFunction;
import io.millrace.streams.KeyValuePredicate;
import io.millrace.streams.ProcessorSupplier;
import io.millrace.streams.ValueJoiner;
import io.millrace.streams.topology.Operation;
import org.jspecify.annotations.Nullable;

/** Puts a look at what was handed out behind every function of a user in one operator. */
final class WatchedOperations {

    private final String id;
    private final StateAudit audit;

    WatchedOperations(String id, StateAudit audit) {
        this.id = id;
        this.audit = audit;
    }

    Operation watch(Operation operation) {
        if (operation instanceof Operation.Filter filter) {
            return new Operation.Filter(predicate(filter.predicate()), filter.negated());
        } else if (operation instanceof Operation.MapValues map) {
            return new Operation.MapValues(function(map.function()));
        } else if (operation instanceof Operation.FlatMapValues map) {
            return new Operation.FlatMapValues(function(map.function()));
        } else if (operation instanceof Operation.MapRecord map) {
            return new Operation.MapRecord(function(map.function()));
        } else if (operation instanceof Operation.FlatMapRecord map) {
            return new Operation.FlatMapRecord(function(map.function()));
        } else if (operation instanceof Operation.SelectKey select) {
            return new Operation.SelectKey(function(select.function()));
        } else if (operation instanceof Operation.Peek peek) {
            return new Operation.Peek(action(peek.action()));
        } else if (operation instanceof Operation.Foreach foreach) {
            return new Operation.Foreach(action(foreach.action()));
        } else if (operation instanceof Operation.Split split) {
            return new Operation.Split(
                    split.predicates().stream().map(this::predicate).toList());
        } else if (operation instanceof Operation.RunProcessor run) {
            return new Operation.RunProcessor(supplier(run.supplier()), run.changesKey());
        }
        return watchStateful(operation);
    }

    private Operation watchStateful(Operation operation) {
        if (operation instanceof Operation.AggregateStream aggregate) {
            return new Operation.AggregateStream(
                    new WatchedAggregate(aggregate.aggregate(), this), aggregate.windows(), aggregate.emit());
        } else if (operation instanceof Operation.AggregateTable aggregate) {
            return new Operation.AggregateTable(new WatchedAggregate(aggregate.aggregate(), this));
        } else if (operation instanceof Operation.TableFilter filter) {
            return new Operation.TableFilter(predicate(filter.predicate()), filter.negated());
        } else if (operation instanceof Operation.TableMapValues map) {
            return new Operation.TableMapValues(function(map.function()));
        } else if (operation instanceof Operation.TableGroupBy group) {
            return new Operation.TableGroupBy(function(group.function()));
        } else if (operation instanceof Operation.JoinStreamTable join) {
            return new Operation.JoinStreamTable(joiner(join.joiner()), join.kind());
        } else if (operation instanceof Operation.JoinStreamStream join) {
            return new Operation.JoinStreamStream(joiner(join.joiner()), join.kind(), join.windows());
        } else if (operation instanceof Operation.JoinTableTable join) {
            return new Operation.JoinTableTable(joiner(join.joiner()), join.kind());
        }
        return operation;
    }

    /** A function of this operator has had these. */
    void handedOut(@Nullable Object first, @Nullable Object second) {
        audit.handedOut(id, first);
        audit.handedOut(id, second);
    }

    private KeyValuePredicate<Object, Object> predicate(KeyValuePredicate<Object, Object> predicate) {
        return (key, value) -> {
            boolean answer = predicate.test(key, value);
            handedOut(key, value);
            return answer;
        };
    }

    private <R> KeyValueFunction<Object, Object, R> function(KeyValueFunction<Object, Object, R> function) {
        return (key, value) -> {
            R answer = function.apply(key, value);
            handedOut(key, value);
            return answer;
        };
    }

    private KeyValueAction<Object, Object> action(KeyValueAction<Object, Object> action) {
        return (key, value) -> {
            action.accept(key, value);
            handedOut(key, value);
        };
    }

    private ValueJoiner<Object, Object, Object> joiner(ValueJoiner<Object, Object, Object> joiner) {
        return (left, right) -> {
            Object answer = joiner.join(left, right);
            handedOut(left, right);
            return answer;
        };
    }

    private ProcessorSupplier<Object, Object, Object, Object> supplier(
            ProcessorSupplier<Object, Object, Object, Object> supplier) {
        return new WatchedProcessor.Supplier(supplier, () -> audit.checkAll("operator " + id));
    }
}
