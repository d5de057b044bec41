package io.millrace.streams;

import io.millrace.streams.Aggregates.Combiner3;
import org.jspecify.annotations.Nullable;

/** Aggregates side by side over the same records. */
final class AllOf {

    private AllOf() {}

    record Two<K, V, R>(
            Aggregate<Object, Object, Object, Object> first,
            Aggregate<Object, Object, Object, Object> second,
            ValueJoiner<Object, Object, Object> combiner)
            implements Aggregate<K, V, Accumulators.Two, R> {

        @Override
        public Accumulators.Two empty() throws Exception {
            return new Accumulators.Two(first.empty(), second.empty());
        }

        @Override
        public Accumulators.Two add(K key, V value, Accumulators.Two both) throws Exception {
            return new Accumulators.Two(first.add(key, value, both.first()), second.add(key, value, both.second()));
        }

        @Override
        public Accumulators.Two merge(K key, Accumulators.Two left, Accumulators.Two right) throws Exception {
            return new Accumulators.Two(
                    first.merge(key, left.first(), right.first()), second.merge(key, left.second(), right.second()));
        }

        @Override
        public boolean canRemove() {
            return first.canRemove() && second.canRemove();
        }

        @Override
        public Accumulators.Two remove(K key, V value, Accumulators.Two both) throws Exception {
            return new Accumulators.Two(
                    first.remove(key, value, both.first()), second.remove(key, value, both.second()));
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"})
        public @Nullable R result(Accumulators.Two both) throws Exception {
            return (R) combiner.join(first.result(both.first()), second.result(both.second()));
        }
    }

    record Three<K, V, R>(
            Aggregate<Object, Object, Object, Object> first,
            Aggregate<Object, Object, Object, Object> second,
            Aggregate<Object, Object, Object, Object> third,
            Combiner3<Object, Object, Object, Object> combiner)
            implements Aggregate<K, V, Accumulators.Three, R> {

        @Override
        public Accumulators.Three empty() throws Exception {
            return new Accumulators.Three(first.empty(), second.empty(), third.empty());
        }

        @Override
        public Accumulators.Three add(K key, V value, Accumulators.Three all) throws Exception {
            return new Accumulators.Three(
                    first.add(key, value, all.first()),
                    second.add(key, value, all.second()),
                    third.add(key, value, all.third()));
        }

        @Override
        public Accumulators.Three merge(K key, Accumulators.Three left, Accumulators.Three right) throws Exception {
            return new Accumulators.Three(
                    first.merge(key, left.first(), right.first()),
                    second.merge(key, left.second(), right.second()),
                    third.merge(key, left.third(), right.third()));
        }

        @Override
        public boolean canRemove() {
            return first.canRemove() && second.canRemove() && third.canRemove();
        }

        @Override
        public Accumulators.Three remove(K key, V value, Accumulators.Three all) throws Exception {
            return new Accumulators.Three(
                    first.remove(key, value, all.first()),
                    second.remove(key, value, all.second()),
                    third.remove(key, value, all.third()));
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"})
        public @Nullable R result(Accumulators.Three all) throws Exception {
            return (R)
                    combiner.combine(first.result(all.first()), second.result(all.second()), third.result(all.third()));
        }
    }
}
