package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AggregatesTest {

    @Test
    void countsAndSums() throws Exception {
        assertThat(of(Aggregates.counting(), 5, 6, 7)).isEqualTo(3L);
        assertThat(of(Aggregates.summingLong(v -> v), 5, 6, 7)).isEqualTo(18L);
        assertThat(of(Aggregates.summingDouble(v -> v / 2.0), 5, 6)).isEqualTo(5.5);
        assertThat(of(Aggregates.averagingDouble(v -> v), 5, 6)).isEqualTo(5.5);
        assertThat(of(Aggregates.averagingDouble(v -> v))).isEqualTo(0.0);
    }

    @Test
    void findsTheExtremesAndTheFirstOfEqualOnes() throws Exception {
        Comparator<Integer> byTens = Comparator.comparing(v -> v / 10);

        assertThat(of(Aggregates.minBy(byTens), 25, 13, 11, 38)).isEqualTo(13);
        assertThat(of(Aggregates.maxBy(byTens), 25, 38, 31, 11)).isEqualTo(38);
        assertThat(of(Aggregates.maxBy(byTens))).isNull();
    }

    @Test
    void keepsTheLargestInOrder() throws Exception {
        Comparator<Integer> byTens = Comparator.comparing(v -> v / 10);

        assertThat(of(Aggregates.topN(3, byTens), 11, 35, 12, 21, 36, 5)).isEqualTo(List.of(35, 36, 21));
        assertThatThrownBy(() -> Aggregates.topN(0, byTens)).hasMessageContaining("1 value or more, was 0");
    }

    @Test
    void collectsInOrderOfArrival() throws Exception {
        assertThat(of(Aggregates.collecting(), 3, 1, 3)).isEqualTo(List.of(3, 1, 3));
    }

    @Test
    void putsAggregatesTogether() throws Exception {
        assertThat(of(
                        Aggregates.<String, Integer, Long, Integer, String>allOf(
                                Aggregates.counting(),
                                Aggregates.maxBy(Comparator.naturalOrder()),
                                (n, max) -> n + ":" + max),
                        4,
                        9,
                        2))
                .isEqualTo("3:9");
        assertThat(of(
                        Aggregates.<String, Integer, Long, Long, Long, Long>allOf(
                                Aggregates.counting(),
                                Aggregates.summingLong(v -> v),
                                Aggregates.mapping(v -> v * 10, Aggregates.summingLong(v -> v)),
                                (n, sum, tens) -> n + sum + tens),
                        1,
                        2))
                .isEqualTo(2L + 3 + 30);
    }

    @Test
    void canRemoveIfAllPartsCan() {
        Aggregate<String, Integer, ?, Long> count = Aggregates.counting();
        Aggregate<String, Integer, ?, Integer> max = Aggregates.maxBy(Comparator.naturalOrder());

        assertThat(Aggregates.allOf(count, count, (a, b) -> a).canRemove()).isTrue();
        assertThat(Aggregates.allOf(count, max, (a, b) -> a).canRemove()).isFalse();
        assertThatThrownBy(() -> removed(max, 1)).hasMessageContaining("cannot remove");
    }

    @Test
    void removesWhatItAdded() throws Exception {
        assertThat(removed(Aggregates.counting(), 5)).isEqualTo(0L);
        assertThat(removed(Aggregates.summingLong(v -> v), 5)).isEqualTo(0L);
        assertThat(removed(Aggregates.collecting(), 5)).isEqualTo(List.of());
        assertThat(removed(Aggregates.reducing(Integer::sum, (total, v) -> total - v), 5))
                .isEqualTo(0);
    }

    @Test
    void mergesToWhatAddingOneByOneGives() throws Exception {
        Random random = new Random(21);
        List<Aggregate<String, Integer, ?, ?>> all = List.of(
                Aggregates.counting(),
                Aggregates.summingLong(v -> v),
                Aggregates.averagingDouble(v -> v),
                Aggregates.minBy(Comparator.comparing(v -> v / 10)),
                Aggregates.maxBy(Comparator.comparing(v -> v / 10)),
                Aggregates.topN(3, Comparator.comparing(v -> v / 10)),
                Aggregates.collecting());
        for (int round = 0; round < 100; round++) {
            Integer[] values = random.ints(random.nextInt(8), 0, 60).boxed().toArray(Integer[]::new);
            int cut = random.nextInt(values.length + 1);
            for (int i = 0; i < all.size(); i++) {
                assertThat(merged(all.get(i), values, cut)).isEqualTo(of(all.get(i), values));
            }
        }
    }

    private static <A, R> R of(Aggregate<String, Integer, A, R> aggregate, Integer... values) throws Exception {
        return aggregate.result(added(aggregate, values, 0, values.length));
    }

    private static <A, R> R merged(Aggregate<String, Integer, A, R> aggregate, Integer[] values, int cut)
            throws Exception {
        A left = added(aggregate, values, 0, cut);
        return aggregate.result(aggregate.merge("k", left, added(aggregate, values, cut, values.length)));
    }

    private static <A, R> R removed(Aggregate<String, Integer, A, R> aggregate, int value) throws Exception {
        return aggregate.result(aggregate.remove("k", value, aggregate.add("k", value, aggregate.empty())));
    }

    private static <A, R> A added(Aggregate<String, Integer, A, R> aggregate, Integer[] values, int from, int to)
            throws Exception {
        A accumulator = aggregate.empty();
        for (int i = from; i < to; i++) {
            accumulator = aggregate.add("k", values[i], accumulator);
        }
        return accumulator;
    }
}
