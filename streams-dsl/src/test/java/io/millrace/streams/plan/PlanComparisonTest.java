package io.millrace.streams.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanComparisonTest {

    private static final PlanRecord.Store COUNTS =
            new PlanRecord.Store("counts", "aggregate", "canonical", 4, "java.lang.Long");
    private static final PlanRecord.Store BOARD =
            new PlanRecord.Store("board", "window(10,10)", "json(a\\b\tc\nd)", 4, "");
    private static final PlanRecord BEFORE = new PlanRecord("job", 4, List.of(COUNTS, BOARD));

    @Test
    void readsBackWhatItWrote() {
        assertThat(PlanRecord.decode(BEFORE.encode())).isEqualTo(BEFORE);
    }

    @Test
    void keepsItsStoredForm() {
        assertThat(new String(BEFORE.encode(), StandardCharsets.UTF_8)).isEqualTo("""
                millrace-plan\t1
                job\tjob
                shards\t4
                store\tcounts\taggregate\tcanonical\t4\tjava.lang.Long
                store\tboard\twindow(10,10)\tjson(a\\\\b\\tc\\nd)\t4\t
                """);
    }

    @Test
    void refusesBytesThatAreNotAPlan() {
        assertThatThrownBy(() -> PlanRecord.decode("shards\t4".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("begins with 'shards\t4'");
        assertThatThrownBy(() -> PlanRecord.decode("millrace-plan\t1\nshards\tx".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("'shards\tx'");
    }

    @Test
    void keepsStoresThatAreAsTheyWere() {
        PlanRecord after = new PlanRecord("job", 4, List.of(BOARD, COUNTS, store("new", "aggregate", 4)));

        PlanComparison comparison = compare(after);

        assertThat(comparison.kept()).containsExactly("board", "counts");
        assertThat(comparison.added()).containsExactly("new");
        assertThat(comparison.refusal()).isEmpty();
    }

    @Test
    void refusesToOrphanStateUnlessItIsAllowedByName() {
        PlanRecord after = new PlanRecord("job", 4, List.of(COUNTS));

        assertThat(compare(after).dropped()).containsExactly("board");
        assertThat(compare(after).refusal()).hasValueSatisfying(text -> assertThat(text)
                .startsWith("no operator owns the state of board any more. Give the operator"));
        assertThat(PlanComparison.compare(BEFORE, after, Set.of("board")).refusal())
                .isEmpty();
    }

    @Test
    void refusesAnotherShardCount() {
        assertThat(compare(new PlanRecord("job", 2, List.of(COUNTS, BOARD))).refusal())
                .hasValue(
                        "job job ran with 4 shards and would now have 2. Keep the old number with .repartition(4), or reset the"
                                + " job.");
        assertThat(compare(new PlanRecord("job", 8, List.of(COUNTS, BOARD)))
                        .refusal()
                        .orElseThrow())
                .contains("State cannot move between shards");
    }

    @Test
    void letsAJobWithoutStateChangeItsShardCount() {
        PlanRecord before = new PlanRecord("job", 4, List.of());

        assertThat(PlanComparison.compare(before, new PlanRecord("job", 8, List.of(COUNTS)), Set.of())
                        .refusal())
                .isEmpty();
    }

    @Test
    void refusesAnotherKindCodecOrSpread() {
        PlanRecord after = new PlanRecord(
                "job",
                4,
                List.of(new PlanRecord.Store("counts", "window(5,5)", "json(x)", 2, "java.lang.Long"), BOARD));

        assertThat(compare(after).refusal())
                .hasValue(
                        "the state of counts was aggregate and is now window(5,5), had its keys spread by codec canonical and now"
                                + " by json(x), was spread over 4 shards and is now over 2. Undo the change, give the new operator another"
                                + " name with .named(...) and allow the old state to be dropped with the job option"
                                + " state.drop=counts, or reset the job.");
    }

    @Test
    void refusesEachOfTheseChangesAlone() {
        assertThat(change("window(5,5)", "canonical", 4, "java.lang.Long")).contains("was aggregate and is now");
        assertThat(change("aggregate", "json(x)", 4, "java.lang.Long")).contains("had its keys spread by codec");
        assertThat(change("aggregate", "canonical", 2, "java.lang.Long")).contains("was spread over 4 shards");
        assertThat(change("aggregate", "canonical", 4, "java.util.ArrayList"))
                .contains("had accumulators of java.lang.Long and now of java.util.ArrayList");
    }

    private static String change(String kind, String keys, int partitions, String accumulator) {
        PlanRecord.Store changed = new PlanRecord.Store("counts", kind, keys, partitions, accumulator);
        return compare(new PlanRecord("job", 4, List.of(changed, BOARD)))
                .refusal()
                .orElse("nothing");
    }

    @Test
    void goesOnWhereAnAccumulatorIsNotKnown() {
        PlanRecord without =
                PlanRecord.decode("millrace-plan\t1\njob\tjob\nshards\t4\nstore\tcounts\taggregate\tcanonical\t4\n"
                        .getBytes(StandardCharsets.UTF_8));
        PlanRecord with = new PlanRecord("job", 4, List.of(COUNTS));

        assertThat(PlanComparison.compare(without, with, Set.of()).kept()).containsExactly("counts");
        assertThat(PlanComparison.compare(with, without, Set.of()).kept()).containsExactly("counts");
    }

    @Test
    void dropsWithAnOperatorWhatItKeepsBesideItsStateAndNoOthers() {
        PlanRecord before = new PlanRecord(
                "job", 4, List.of(COUNTS, store("counts/held", "held", 4), store("counts-2", "aggregate", 4)));

        assertThat(PlanComparison.compare(before, new PlanRecord("job", 4, List.of()), Set.of("counts"))
                        .refusals())
                .singleElement()
                .satisfies(text -> assertThat(text).startsWith("no operator owns the state of counts-2 any more"));
    }

    @Test
    void countsATableThatBeginsToKeepRowsAsNew() {
        PlanRecord without = new PlanRecord("job", 4, List.of(store("t", "table(topic)", 4)));
        PlanRecord with = new PlanRecord("job", 4, List.of(store("t", "table(topic) with rows", 4)));

        assertThat(PlanComparison.compare(without, with, Set.of()).added()).containsExactly("t");
        assertThat(PlanComparison.compare(without, with, Set.of()).refusal()).isEmpty();
        assertThat(PlanComparison.compare(with, without, Set.of()).refusal())
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("the state of t was table(topic) with rows and is now table(topic)"));
    }

    @Test
    void refusesACopyThatWouldBeginWithoutTheRowsOfItsTable() {
        PlanRecord.Store table = store("t", "table(topic) with rows", 4);
        PlanRecord.Store copy = store("copy.t", "copy(t) with rows", 4);
        PlanRecord before = new PlanRecord("job", 4, List.of(table));
        PlanRecord after = new PlanRecord("job", 4, List.of(table, copy));

        assertThat(PlanComparison.compare(before, after, Set.of()).refusal())
                .hasValueSatisfying(text -> assertThat(text).startsWith("the rows of t would also be needed"));
        assertThat(PlanComparison.compare(new PlanRecord("job", 4, List.of()), after, Set.of())
                        .refusal())
                .isEmpty();
    }

    private static PlanComparison compare(PlanRecord after) {
        return PlanComparison.compare(BEFORE, after, Set.of());
    }

    private static PlanRecord.Store store(String name, String kind, int partitions) {
        return new PlanRecord.Store(name, kind, "canonical", partitions, "");
    }
}
