package io.millrace.testkit;

import io.millrace.streams.Aggregate;
import org.jspecify.annotations.Nullable;

/** An aggregate whose values, and whose accumulators where it may only look, are checked after each call. */
final class WatchedAggregate implements Aggregate<Object, Object, Object, Object> {

    private final Aggregate<Object, Object, Object, Object> aggregate;
    private final WatchedOperations operation;

    WatchedAggregate(Aggregate<Object, Object, Object, Object> aggregate, WatchedOperations operation) {
        this.aggregate = aggregate;
        this.operation = operation;
    }

    @Override
    public Object empty() throws Exception {
        return aggregate.empty();
    }

    @Override
    public Object add(Object key, Object value, Object accumulator) throws Exception {
        Object answer = aggregate.add(key, value, accumulator);
        operation.handedOut(key, value);
        return answer;
    }

    @Override
    public Object merge(Object key, Object left, Object right) throws Exception {
        return aggregate.merge(key, left, right);
    }

    @Override
    public boolean canRemove() {
        return aggregate.canRemove();
    }

    @Override
    public Object remove(Object key, Object value, Object accumulator) throws Exception {
        Object answer = aggregate.remove(key, value, accumulator);
        operation.handedOut(key, value);
        return answer;
    }

    @Override
    public @Nullable Object result(Object accumulator) throws Exception {
        Object answer = aggregate.result(accumulator);
        operation.handedOut(accumulator, null);
        return answer;
    }

    @Override
    public String toString() {
        return aggregate.toString();
    }
}
