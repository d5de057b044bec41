package io.millrace.streams;

import io.millrace.streams.Accumulators.Held;
import io.millrace.streams.Accumulators.Mean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Ready-made aggregates, and the ways to put them together. All of them are stateless and may be shared. */
public final class Aggregates {

    private Aggregates() {}

    /** A number out of a value. */
    @FunctionalInterface
    public interface ToLong<V> {
        long applyAsLong(V value) throws Exception;
    }

    /** A number out of a value. */
    @FunctionalInterface
    public interface ToDouble<V> {
        double applyAsDouble(V value) throws Exception;
    }

    /** Adds a value to an accumulator, or takes it away; may change the accumulator in place and answer it. */
    @FunctionalInterface
    public interface Step<K, V, A> {
        A apply(K key, V value, A accumulator) throws Exception;
    }

    /** Puts three results together. */
    @FunctionalInterface
    public interface Combiner3<A, B, C, R> {
        R combine(A first, B second, C third) throws Exception;
    }

    // ---- numbers

    public static <K, V> Aggregate<K, V, ?, Long> counting() {
        return of(() -> 0L, (key, value, count) -> count + 1, Long::sum, (key, value, count) -> count - 1);
    }

    /** Wraps around on overflow. */
    public static <K, V> Aggregate<K, V, ?, Long> summingLong(ToLong<? super V> number) {
        return of(
                () -> 0L,
                (key, value, sum) -> sum + number.applyAsLong(value),
                Long::sum,
                (key, value, sum) -> sum - number.applyAsLong(value));
    }

    /** Adds in order of arrival, without compensation. */
    public static <K, V> Aggregate<K, V, ?, Double> summingDouble(ToDouble<? super V> number) {
        return of(
                () -> 0.0,
                (key, value, sum) -> sum + number.applyAsDouble(value),
                Double::sum,
                (key, value, sum) -> sum - number.applyAsDouble(value));
    }

    /** The mean; of nothing it is 0. */
    public static <K, V> Aggregate<K, V, ?, Double> averagingDouble(ToDouble<? super V> number) {
        return finishing(
                Aggregates.<K, V, Mean>of(
                        () -> new Mean(0, 0),
                        (key, value, mean) -> new Mean(mean.count() + 1, mean.sum() + number.applyAsDouble(value)),
                        (left, right) -> new Mean(left.count() + right.count(), left.sum() + right.sum()),
                        (key, value, mean) -> new Mean(mean.count() - 1, mean.sum() - number.applyAsDouble(value))),
                mean -> mean.count() == 0 ? 0 : mean.sum() / mean.count());
    }

    // ---- values

    /** The smallest value; of equal ones the first. Cannot remove. */
    public static <K, V> Aggregate<K, V, ?, V> minBy(Comparator<? super V> order) {
        return reducing((left, right) -> order.compare(right, left) < 0 ? right : left);
    }

    /** The largest value; of equal ones the first. Cannot remove. */
    public static <K, V> Aggregate<K, V, ?, V> maxBy(Comparator<? super V> order) {
        return reducing((left, right) -> order.compare(right, left) > 0 ? right : left);
    }

    /** The {@code n} largest values, largest first; equal ones in order of arrival. Cannot remove. */
    public static <K, V> Aggregate<K, V, ?, List<V>> topN(int n, Comparator<? super V> order) {
        return new TopN<>(n, order);
    }

    /** All values in order of arrival. State grows with them: for small groups. */
    public static <K, V> Aggregate<K, V, ?, List<V>> collecting() {
        return finishing(
                Aggregates.<K, V, ArrayList<V>>of(
                        ArrayList::new,
                        (key, value, list) -> {
                            list.add(value);
                            return list;
                        },
                        (left, right) -> {
                            left.addAll(right);
                            return left;
                        },
                        (key, value, list) -> {
                            list.remove(value);
                            return list;
                        }),
                List::copyOf);
    }

    /** The first value stands as it is, each further one is put together with what there is. Cannot remove. */
    public static <K, V> Aggregate<K, V, ?, V> reducing(Reducer<V> reducer) {
        return new Reducing<>(reducer, null);
    }

    /** As {@link #reducing(Reducer)}; {@code remove(total, value)} takes a value away. */
    public static <K, V> Aggregate<K, V, ?, V> reducing(Reducer<V> add, Reducer<V> remove) {
        return new Reducing<>(add, remove);
    }

    // ---- composition

    /** Two aggregates over the same records. Can remove if both can. */
    public static <K, V, R1, R2, R> Aggregate<K, V, ?, R> allOf(
            Aggregate<? super K, ? super V, ?, ? extends R1> first,
            Aggregate<? super K, ? super V, ?, ? extends R2> second,
            ValueJoiner<? super R1, ? super R2, ? extends R> combiner) {
        return new AllOf.Two<>(Erased.aggregate(first), Erased.aggregate(second), Erased.joiner(combiner));
    }

    /** Three aggregates over the same records. Can remove if all can. */
    public static <K, V, R1, R2, R3, R> Aggregate<K, V, ?, R> allOf(
            Aggregate<? super K, ? super V, ?, ? extends R1> first,
            Aggregate<? super K, ? super V, ?, ? extends R2> second,
            Aggregate<? super K, ? super V, ?, ? extends R3> third,
            Combiner3<? super R1, ? super R2, ? super R3, ? extends R> combiner) {
        return new AllOf.Three<>(
                Erased.aggregate(first), Erased.aggregate(second), Erased.aggregate(third), Erased.combiner(combiner));
    }

    /** An aggregate that sees a part of each value. Can remove if {@code aggregate} can. */
    public static <K, V, P, R> Aggregate<K, V, ?, R> mapping(
            ValueFunction<? super V, ? extends P> part, Aggregate<? super K, ? super P, ?, ? extends R> aggregate) {
        return new Mapping<>(Erased.ofValue(part), Erased.aggregate(aggregate));
    }

    /** An aggregate with its result changed. */
    public static <K, V, A, R1, R> Aggregate<K, V, A, R> finishing(
            Aggregate<K, V, A, R1> aggregate, ValueFunction<? super R1, ? extends @Nullable R> finish) {
        return new Finishing<>(aggregate, finish);
    }

    /** One's own, whose accumulator is the result. Cannot remove. */
    public static <K, V, A> Aggregate<K, V, A, A> of(
            Callable<? extends A> empty, Step<? super K, ? super V, A> add, Reducer<A> merge) {
        return new Custom<>(empty, add, merge, null);
    }

    /** One's own, whose accumulator is the result, and which can remove. */
    public static <K, V, A> Aggregate<K, V, A, A> of(
            Callable<? extends A> empty,
            Step<? super K, ? super V, A> add,
            Reducer<A> merge,
            Step<? super K, ? super V, A> remove) {
        return new Custom<>(empty, add, merge, remove);
    }

    // ---- the forms

    private record Custom<K, V, A>(
            Callable<? extends A> emptyOne,
            Step<? super K, ? super V, A> adder,
            Reducer<A> merger,
            @Nullable Step<? super K, ? super V, A> remover)
            implements Aggregate<K, V, A, A> {

        @Override
        public A empty() throws Exception {
            return emptyOne.call();
        }

        @Override
        public A add(K key, V value, A accumulator) throws Exception {
            return adder.apply(key, value, accumulator);
        }

        @Override
        public A merge(K key, A left, A right) throws Exception {
            return merger.reduce(left, right);
        }

        @Override
        public boolean canRemove() {
            return remover != null;
        }

        @Override
        public A remove(K key, V value, A accumulator) throws Exception {
            return remover == null
                    ? Aggregate.super.remove(key, value, accumulator)
                    : remover.apply(key, value, accumulator);
        }

        @Override
        public A result(A accumulator) {
            return accumulator;
        }
    }

    private record Finishing<K, V, A, R1, R>(
            Aggregate<K, V, A, R1> inner, ValueFunction<? super R1, ? extends @Nullable R> finish)
            implements Aggregate<K, V, A, R> {

        @Override
        public A empty() throws Exception {
            return inner.empty();
        }

        @Override
        public A add(K key, V value, A accumulator) throws Exception {
            return inner.add(key, value, accumulator);
        }

        @Override
        public A merge(K key, A left, A right) throws Exception {
            return inner.merge(key, left, right);
        }

        @Override
        public boolean canRemove() {
            return inner.canRemove();
        }

        @Override
        public A remove(K key, V value, A accumulator) throws Exception {
            return inner.remove(key, value, accumulator);
        }

        @Override
        public @Nullable R result(A accumulator) throws Exception {
            R1 result = inner.result(accumulator);
            return result == null ? null : finish.apply(result);
        }
    }

    private record Mapping<K, V, R>(
            KeyValueFunction<Object, Object, Object> part, Aggregate<Object, Object, Object, Object> inner)
            implements Aggregate<K, V, Object, R> {

        @Override
        public Object empty() throws Exception {
            return inner.empty();
        }

        @Override
        public Object add(K key, V value, Object accumulator) throws Exception {
            return inner.add(key, part.apply(key, value), accumulator);
        }

        @Override
        public Object merge(K key, Object left, Object right) throws Exception {
            return inner.merge(key, left, right);
        }

        @Override
        public boolean canRemove() {
            return inner.canRemove();
        }

        @Override
        public Object remove(K key, V value, Object accumulator) throws Exception {
            return inner.remove(key, part.apply(key, value), accumulator);
        }

        @Override
        public @Nullable R result(Object accumulator) throws Exception {
            return Erased.result(inner, accumulator);
        }
    }

    private record Reducing<K, V>(
            Reducer<V> adder, @Nullable Reducer<V> remover) implements Aggregate<K, V, Held, V> {

        @Override
        public Held empty() {
            return Held.NOTHING;
        }

        @Override
        public Held add(K key, V value, Held held) throws Exception {
            V total = value(held);
            return new Held(total == null ? value : adder.reduce(total, value));
        }

        @Override
        public Held merge(K key, Held left, Held right) throws Exception {
            V value = value(right);
            return value == null ? left : add(key, value, left);
        }

        @Override
        public boolean canRemove() {
            return remover != null;
        }

        @Override
        public Held remove(K key, V value, Held held) throws Exception {
            if (remover == null) {
                return Aggregate.super.remove(key, value, held);
            }
            V total = value(held);
            return total == null ? held : new Held(remover.reduce(total, value));
        }

        @Override
        public @Nullable V result(Held held) {
            return value(held);
        }

        @SuppressWarnings("unchecked")
        private @Nullable V value(Held held) {
            return (V) held.value();
        }
    }

    private record TopN<K, V>(int n, Comparator<? super V> order) implements Aggregate<K, V, ArrayList<V>, List<V>> {

        private TopN {
            if (n < 1) {
                throw new IllegalArgumentException("topN needs room for 1 value or more, was " + n);
            }
        }

        @Override
        public ArrayList<V> empty() {
            return new ArrayList<>(n + 1);
        }

        @Override
        public ArrayList<V> add(K key, V value, ArrayList<V> top) {
            int place = top.size();
            while (place > 0 && order.compare(value, top.get(place - 1)) > 0) {
                place--;
            }
            if (place < n) {
                top.add(place, value);
                if (top.size() > n) {
                    top.remove(n);
                }
            }
            return top;
        }

        @Override
        public ArrayList<V> merge(K key, ArrayList<V> left, ArrayList<V> right) {
            for (V value : right) {
                add(key, value, left);
            }
            return left;
        }

        @Override
        public List<V> result(ArrayList<V> top) {
            return List.copyOf(top);
        }
    }
}
