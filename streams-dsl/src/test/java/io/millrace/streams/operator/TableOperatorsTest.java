package io.millrace.streams.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.Aggregate;
import io.millrace.streams.Emit;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.KeyValue;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.JoinKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableOperatorsTest {

    private final TestJob job = new TestJob();

    private String stream(String table) {
        String stream = job.add(table + "-stream", new Operation.TableToStream(), table);
        job.out(stream);
        return stream;
    }

    private String filtered(String table) {
        return job.add(
                table + "-x",
                new Operation.TableFilter((key, value) -> value.toString().startsWith("x"), false),
                table);
    }

    @Test
    void passesATopicThroughWithoutKeepingIt() throws Exception {
        stream(job.table("t"));

        job.pipe("t", "a", "x", 5).pipe("t", "a", null, 4).pipe("t", null, "y", 6);

        assertThat(job.output()).containsExactly("a=x@5", "a=null@4");
        assertThat(job.drops).containsExactly("NULL_KEY null=y@6");
        assertThat(job.shard.isDirty()).isFalse();
    }

    @Test
    void handsOnDeletionsWhereTheRowBeforeIsNotKnown() throws Exception {
        stream(filtered(job.table("t")));

        job.pipe("t", "a", "y", 1).pipe("t", "a", "x", 2).pipe("t", "a", "y", 3);

        assertThat(job.output()).containsExactly("a=null@1", "a=x@2", "a=null@3");
        assertThat(job.shard.isDirty()).isFalse();
    }

    @Test
    void doesNotMentionRowsThatWereNotWantedEither() throws Exception {
        String table = filtered(job.table("t"));
        stream(table);
        job.changes(table);

        job.pipe("t", "a", "y", 1).pipe("t", "a", "x", 2).pipe("t", "a", "y", 3).pipe("t", "a", "z", 4);

        assertThat(job.output()).containsExactly("a=x@2", "a=x@2", "a=null@3", "a=null@3");
    }

    @Test
    void takesTheLastToArriveForTheLatest() throws Exception {
        String table = job.table("t");
        String in = job.source("in");
        job.out(job.add(
                "join", new Operation.JoinStreamTable((left, right) -> left + "+" + right, JoinKind.INNER), in, table));

        job.pipe("t", "a", "new", 9).pipe("t", "a", "old", 3).pipe(in, "a", "s", 4);

        assertThat(job.output()).containsExactly("a=s+old@4");
    }

    @Test
    void movesARowBetweenGroups() throws Exception {
        String table = job.table("t");
        String grouped =
                job.add("group", new Operation.TableGroupBy((key, value) -> new KeyValue<>(value, key)), table);
        String counts = job.add("count", new Operation.AggregateTable(TestAggregates.COUNT), grouped);
        stream(counts);

        job.pipe("t", "a", "g1", 5)
                .pipe("t", "b", "g1", 2)
                .pipe("t", "a", "g2", 7)
                .pipe("t", "b", null, 3);

        assertThat(job.output()).containsExactly("g1=1@5", "g1=2@5", "g1=1@7", "g2=1@7", "g1=0@7");
    }

    @Test
    void updatesARowThatStaysInItsGroupOnce() throws Exception {
        String table = job.table("t");
        String grouped =
                job.add("group", new Operation.TableGroupBy((key, value) -> new KeyValue<>("g", value)), table);
        stream(job.add("list", new Operation.AggregateTable(TestAggregates.COLLECT), grouped));

        job.pipe("t", "a", "x", 1).pipe("t", "b", "y", 2).pipe("t", "a", "z", 3);

        assertThat(job.output()).containsExactly("g=[x]@1", "g=[x, y]@2", "g=[y, z]@3");
    }

    @Test
    void dropsRowsWithoutAGroup() throws Exception {
        String table = job.table("t");
        String grouped = job.add(
                "group",
                new Operation.TableGroupBy(
                        (key, value) -> new KeyValue<>(Erased.nullable(value.equals("none") ? null : "g"), value)),
                table);
        stream(job.add("count", new Operation.AggregateTable(TestAggregates.COUNT), grouped));

        job.pipe("t", "a", "x", 1).pipe("t", "a", "none", 2).pipe("t", "a", "y", 3);

        assertThat(job.output()).containsExactly("g=1@1", "g=0@2", "g=1@3");
        assertThat(job.drops).containsExactly("NULL_KEY a=none@2");
    }

    private void joined(JoinKind kind) {
        String left = job.table("l");
        String right = job.table("r");
        stream(job.add("join", new Operation.JoinTableTable((l, r) -> l + "+" + r, kind), left, right));
    }

    @Test
    void joinsTablesInner() throws Exception {
        joined(JoinKind.INNER);

        job.pipe("l", "a", "1", 5)
                .pipe("r", "a", "2", 3)
                .pipe("l", "a", null, 4)
                .pipe("r", "a", "3", 9);
        job.pipe("r", "b", null, 1).pipe("l", "b", null, 1);

        assertThat(job.output()).containsExactly("a=1+2@5", "a=null@4");
    }

    @Test
    void joinsTablesLeft() throws Exception {
        joined(JoinKind.LEFT);

        job.pipe("l", "a", "1", 5)
                .pipe("r", "a", "2", 3)
                .pipe("r", "a", null, 8)
                .pipe("l", "a", null, 4);
        job.pipe("l", "b", null, 1).pipe("r", "c", "9", 1).pipe("l", "c", null, 2);

        assertThat(job.output()).containsExactly("a=1+null@5", "a=1+2@5", "a=1+null@8", "a=null@4", "c=null@2");
    }

    @Test
    void joinsTablesOuter() throws Exception {
        joined(JoinKind.OUTER);

        job.pipe("r", "a", "2", 3)
                .pipe("l", "a", "1", 1)
                .pipe("r", "a", null, 8)
                .pipe("l", "a", null, 4);
        job.pipe("r", "b", null, 1);

        assertThat(job.output()).containsExactly("a=null+2@3", "a=1+2@3", "a=1+null@8", "a=null@4");
    }

    @Test
    void looksThroughFiltersMapsAndJoins() throws Exception {
        String left = job.table("l");
        String mapped = job.add("map", new Operation.TableMapValues((key, value) -> "x" + value), filtered(left));
        String right = job.table("r");
        String inner =
                job.add("inner", new Operation.JoinTableTable((l, r) -> l + "+" + r, JoinKind.INNER), mapped, right);
        String in = job.source("in");
        job.out(job.add("lookup", new Operation.JoinStreamTable((s, t) -> s + "/" + t, JoinKind.LEFT), in, inner));

        job.pipe("l", "a", "x1", 1).pipe("r", "a", "2", 2).pipe(in, "a", "s", 3);
        job.pipe("l", "a", "y", 4).pipe(in, "a", "s", 5).pipe(in, null, "s", 6).pipe(in, "a", null, 7);

        assertThat(job.output()).containsExactly("a=s/xx1+2@3", "a=s/null@5", "null=s/null@6");
        assertThat(job.drops).containsExactly("NULL_VALUE a=null@7");
    }

    @Test
    void dropsNullKeysInAnInnerStreamTableJoin() throws Exception {
        String in = job.source("in");
        job.out(job.add(
                "join", new Operation.JoinStreamTable((s, t) -> s + "/" + t, JoinKind.INNER), in, job.table("t")));

        job.pipe("t", "a", "1", 9).pipe(in, null, "s", 1).pipe(in, "b", "s", 2).pipe(in, "a", "s", 3);

        assertThat(job.output()).containsExactly("a=s/1@3");
        assertThat(job.drops).containsExactly("NULL_KEY null=s@1");
    }

    @Test
    void blamesTheAggregateForAResultThatCannotBeLookedUp() throws Exception {
        String stream = job.source("s");
        var count = TestAggregates.COUNT;
        String broken = job.add(
                "broken",
                new Operation.AggregateStream(
                        new Aggregate<>() {
                            @Override
                            public Object empty() throws Exception {
                                return count.empty();
                            }

                            @Override
                            public Object add(Object key, Object value, Object accumulator) throws Exception {
                                return count.add(key, value, accumulator);
                            }

                            @Override
                            public Object merge(Object key, Object left, Object right) throws Exception {
                                return count.merge(key, left, right);
                            }

                            @Override
                            public Object result(Object accumulator) {
                                throw new ArithmeticException("no result");
                            }
                        },
                        null,
                        Emit.onUpdate()),
                job.source("in"));
        job.out(job.add("join", new Operation.JoinStreamTable((s, t) -> s + "/" + t, JoinKind.LEFT), stream, broken));
        job.policy = ErrorPolicy.drop();

        job.pipe("in", "a", "x", 1);
        job.drops.clear();
        job.pipe(stream, "a", "s", 2);

        assertThat(job.output()).containsExactly("a=s/null@2");
        assertThat(job.drops).containsExactly("PROCESSING a=null@" + StreamTime.UNKNOWN);
    }

    @Test
    void anUpdateThatIsDroppedLeavesNoTraceInItsGroup() throws Exception {
        job.policy = ErrorPolicy.drop();
        String table = job.table("t");
        String grouped =
                job.add("group", new Operation.TableGroupBy((key, value) -> new KeyValue<>("g", value)), table);
        stream(job.add("list", new Operation.AggregateTable(TestAggregates.COLLECT), grouped));

        job.pipe(table, "a", "x", 1).pipe(table, "a", "bad", 2).pipe(table, "b", "y", 3);

        assertThat(job.output()).containsExactly("g=[x]@1", "g=[x, y]@3");
    }

    /** A pair of tables that change in one epoch must not show the same old row twice, or aggregates above would drift. */
    @ParameterizedTest
    @EnumSource(JoinKind.class)
    void removesExactlyWhatItAddedThoughUpdatesWait(JoinKind kind) throws Exception {
        job.everyUpdate = false;
        String left = job.add(
                "lc", new Operation.AggregateStream(TestAggregates.COUNT, null, Emit.onUpdate()), job.source("ls"));
        String right = job.add(
                "rc", new Operation.AggregateStream(TestAggregates.COUNT, null, Emit.onUpdate()), job.source("rs"));
        String join = job.add("join", new Operation.JoinTableTable((l, r) -> l + "+" + r, kind), left, right);
        String grouped = job.add("group", new Operation.TableGroupBy((key, value) -> new KeyValue<>("g", value)), join);
        stream(job.add("list", new Operation.AggregateTable(TestAggregates.COLLECT), grouped));

        for (int epoch = 1; epoch <= 3; epoch++) {
            job.pipe("ls", "a", "x", epoch).pipe("rs", "a", "x", epoch).pipe("ls", "a", "x", epoch);
            job.commit();
            assertThat(job.output()).containsExactly("g=[" + 2 * epoch + "+" + epoch + "]@" + epoch);
        }
    }

    @Test
    void joinsWindowedTablesByTheirWindow() throws Exception {
        String counts = job.add(
                "count",
                new Operation.AggregateStream(
                        TestAggregates.COUNT, new io.millrace.streams.Windows(10, 10, 100), Emit.onUpdate()),
                job.source("in"));
        String lists = job.add(
                "list",
                new Operation.AggregateStream(
                        TestAggregates.COLLECT, new io.millrace.streams.Windows(10, 10, 100), Emit.onUpdate()),
                "in");
        stream(job.add("join", new Operation.JoinTableTable((l, r) -> l + "+" + r, JoinKind.INNER), counts, lists));

        job.pipe("in", "a", "x", 3).pipe("in", "a", "y", 12);

        assertThat(job.output())
                .containsExactly(
                        "Windowed[key=a, startMs=0, endMs=10]=1+[x]@3",
                        "Windowed[key=a, startMs=10, endMs=20]=1+[y]@12");
    }

    @Test
    void makesATableOfAStream() throws Exception {
        String table = job.add("table", new Operation.StreamToTable(), job.source("in"));
        job.changes(table);

        job.pipe("in", "a", "x", 3)
                .pipe("in", "a", "y", 2)
                .pipe("in", null, "y", 2)
                .pipe("in", "a", null, 1);

        assertThat(job.output()).containsExactly("a=x@3", "a=y@2", "a=null@1");
        assertThat(job.drops).containsExactly("NULL_KEY null=y@2");
    }
}
