package io.millrace.streams.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.KeyValue;
import io.millrace.streams.topology.Operation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatelessOperatorsTest {

    private final TestJob job = new TestJob();
    private final String in = job.source("in");

    @Test
    void handsNullsToPredicates() throws Exception {
        job.out(job.add("nulls", new Operation.Filter((key, value) -> value == null, false), in));
        job.out(job.add("others", new Operation.Filter((key, value) -> value == null, true), in));

        job.pipe(in, "a", null, 1).pipe(in, null, "x", 2);

        assertThat(job.output()).containsExactly("a=null@1", "null=x@2");
    }

    @Test
    void mapsValuesKeysAndRecords() throws Exception {
        String mapped = job.add("map", new Operation.MapValues((key, value) -> key + "/" + value), in);
        String keyed = job.add("key", new Operation.SelectKey((key, value) -> value), mapped);
        job.out(job.add("swap", new Operation.MapRecord((key, value) -> new KeyValue<>(value + "!", key)), keyed));

        job.pipe(in, "a", "x", 5);

        assertThat(job.output()).containsExactly("a/x!=a/x@5");
    }

    @Test
    void flattensInOrder() throws Exception {
        String words =
                job.add("words", new Operation.FlatMapValues((key, value) -> List.of(value + "1", value + "2")), in);
        job.out(job.add(
                "records",
                new Operation.FlatMapRecord(
                        (key, value) -> List.of(new KeyValue<>(key, value), new KeyValue<>(value, key))),
                words));

        job.pipe(in, "a", "x", 5);

        assertThat(job.output()).containsExactly("a=x1@5", "x1=a@5", "a=x2@5", "x2=a@5");
    }

    @Test
    void leavesNothingOfARecordWhoseLazyAnswerFails() throws Exception {
        job.policy = ErrorPolicy.drop();
        Iterable<Object> half = () -> {
            Iterator<Object> first = List.<Object>of("fine").iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public Object next() {
                    return first.next();
                }
            };
        };
        job.out(job.add("flat", new Operation.FlatMapValues((key, value) -> half), in));

        job.pipe(in, "a", "x", 5);

        assertThat(job.output()).isEmpty();
        assertThat(job.drops).containsExactly("PROCESSING a=x@5");
    }

    @Test
    void sendsEachRecordDownTheFirstBranchThatWantsIt() throws Exception {
        String split = job.add(
                "split",
                new Operation.Split(List.of((key, value) -> value.equals("x"), (key, value) -> !value.equals("z"))),
                in);
        for (int branch = 0; branch < 3; branch++) {
            int index = branch;
            String way = job.add("branch" + branch, new Operation.Branch(branch), split);
            job.out(job.add("named" + branch, new Operation.MapValues((key, value) -> index + value.toString()), way));
        }

        job.pipe(in, "a", "x", 1).pipe(in, "a", "y", 2).pipe(in, "a", "z", 3);

        assertThat(job.output()).containsExactly("a=0x@1", "a=1y@2", "a=2z@3");
    }

    @Test
    void callsConsumersInTheOrderOfTheTopology() throws Exception {
        List<String> seen = new ArrayList<>();
        String first = job.add("peek", new Operation.Peek((key, value) -> seen.add("peek " + value)), in);
        job.add("end", new Operation.Foreach((key, value) -> seen.add("foreach " + value)), first);
        String second = job.add("map", new Operation.MapValues((key, value) -> value + "'"), in);
        String merged = job.add("merge", new Operation.Merge(), first, second);
        job.out(merged);

        job.pipe(in, "a", "x", 1);

        assertThat(seen).containsExactly("peek x", "foreach x");
        assertThat(job.output()).containsExactly("a=x@1", "a=x'@1");
    }

    @Test
    void takesAStreamThatIsMergedWithItselfOnce() throws Exception {
        job.out(job.add("merge", new Operation.Merge(), in, in));

        job.pipe(in, "a", "x", 1);

        assertThat(job.output()).containsExactly("a=x@1");
    }

    @Test
    void failsTheEpochNamingTheOperator() {
        job.out(job.add(
                "divide",
                new Operation.MapValues((key, value) -> {
                    throw new ArithmeticException("by zero");
                }),
                in));

        assertThatThrownBy(() -> job.pipe(in, "a", "x", 1))
                .hasMessageContaining("divide")
                .hasCauseInstanceOf(ArithmeticException.class);
    }

    @Test
    void doesNotTakeAFailureDownstreamForItsOwn() {
        List<String> blamed = new ArrayList<>();
        TestJob strict = new TestJob();
        String source = strict.source("in");
        String above = strict.add("above", new Operation.MapValues((key, value) -> value), source);
        strict.add(
                "below",
                new Operation.Foreach((key, value) -> {
                    blamed.add("called");
                    throw new IllegalStateException("here");
                }),
                above);

        assertThatThrownBy(() -> strict.pipe(source, "a", "x", 1)).hasMessage("operator below failed on a");
        assertThat(blamed).hasSize(1);
    }
}
