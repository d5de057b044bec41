package io.millrace.streams.operator;

import io.millrace.streams.Aggregate;
import java.util.ArrayList;

/** Aggregates for tests: one with an immutable accumulator, one that changes its accumulator in place. */
final class TestAggregates {

    /** Counts; the result is the count as text. */
    static final Aggregate<Object, Object, Object, Object> COUNT = new Aggregate<>() {
        @Override
        public Object empty() {
            return 0L;
        }

        @Override
        public Object add(Object key, Object value, Object accumulator) {
            return (Long) accumulator + 1;
        }

        @Override
        public Object merge(Object key, Object left, Object right) {
            return (Long) left + (Long) right;
        }

        @Override
        public boolean canRemove() {
            return true;
        }

        @Override
        public Object remove(Object key, Object value, Object accumulator) {
            return (Long) accumulator - 1;
        }

        @Override
        public Object result(Object accumulator) {
            return accumulator;
        }
    };

    /** Counts, but cannot say that it has come to two. */
    static final Aggregate<Object, Object, Object, Object> COUNT_WITHOUT_TWO = new Aggregate<>() {
        @Override
        public Object empty() throws Exception {
            return COUNT.empty();
        }

        @Override
        public Object add(Object key, Object value, Object accumulator) throws Exception {
            return COUNT.add(key, value, accumulator);
        }

        @Override
        public Object merge(Object key, Object left, Object right) throws Exception {
            return COUNT.merge(key, left, right);
        }

        @Override
        public Object result(Object accumulator) {
            if (accumulator.equals(2L)) {
                throw new IllegalStateException("no result of 2");
            }
            return accumulator;
        }
    };

    /**
     * Collects values in a list, which it changes and which is also the result. Adding {@code "none"} ends the row; {@code
     * "bad"} throws, once the list has been changed, and {@code "bad second"} only if it is not the first.
     */
    static final Aggregate<Object, Object, Object, Object> COLLECT = new Aggregate<>() {
        @Override
        public Object empty() {
            return new ArrayList<Object>();
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"})
        public Object add(Object key, Object value, Object accumulator) {
            ((ArrayList<Object>) accumulator).add(value);
            if (value.equals("bad") || (value.equals("bad second") && ((ArrayList<Object>) accumulator).size() > 1)) {
                throw new IllegalStateException(String.valueOf(value));
            }
            return value.equals("none") ? null : accumulator;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Object merge(Object key, Object left, Object right) {
            ((ArrayList<Object>) left).addAll((ArrayList<Object>) right);
            return left;
        }

        @Override
        public boolean canRemove() {
            return true;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Object remove(Object key, Object value, Object accumulator) {
            ((ArrayList<Object>) accumulator).remove(value);
            return accumulator;
        }

        @Override
        public Object result(Object accumulator) {
            return accumulator;
        }
    };

    private TestAggregates() {}
}
