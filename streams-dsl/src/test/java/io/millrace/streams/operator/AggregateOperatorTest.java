package io.millrace.streams.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Header;
import io.millrace.streams.Emit;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.topology.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregateOperatorTest {

    private final TestJob job = new TestJob();
    private final String in = job.source("in");

    private void counted(Emit emit) {
        String count = job.add("count", new Operation.AggregateStream(TestAggregates.COUNT, null, emit), in);
        job.out(job.add("stream", new Operation.TableToStream(), count));
    }

    @Test
    void countsPerKeyWithTheLargestTimestamp() throws Exception {
        counted(Emit.onUpdate());

        job.pipe(in, "a", "x", 5).pipe(in, "b", "x", 1).pipe(in, "a", "x", 3).pipe(in, "a", "x", 9);

        assertThat(job.output()).containsExactly("a=1@5", "b=1@1", "a=2@5", "a=3@9");
    }

    @Test
    void skipsNullKeysAndNullValues() throws Exception {
        counted(Emit.onUpdate());

        job.pipe(in, null, "x", 5).pipe(in, "a", null, 6);

        assertThat(job.output()).isEmpty();
        assertThat(job.drops).containsExactly("NULL_KEY null=x@5", "NULL_VALUE a=null@6");
    }

    @Test
    void emitsTheNewestUpdateOncePerEpochInFirstDirtyOrder() throws Exception {
        job.everyUpdate = false;
        counted(Emit.onUpdate());
        Header newest = new Header("trace", new byte[] {2});

        job.pipe(in, "b", "x", 1).pipe(in, "a", "x", 2).pipe(in, "b", "x", 3);
        job.headers = List.of(newest);
        job.pipe(in, "a", "x", 4);
        assertThat(job.output()).isEmpty();
        job.commit();

        assertThat(job.output()).containsExactly("b=2@3", "a=2@4");
        assertThat(job.lastHeaders).containsExactly(newest);
        job.commit();
        assertThat(job.output()).isEmpty();
        job.pipe(in, "a", "x", 5);
        job.commit();
        assertThat(job.output()).containsExactly("a=3@5");
    }

    @Test
    void saysWhatWasEmittedBefore() throws Exception {
        job.everyUpdate = false;
        String count = job.add("count", new Operation.AggregateStream(TestAggregates.COUNT, null, Emit.onUpdate()), in);
        String even = job.add("even", new Operation.TableFilter((key, value) -> (Long) value % 2 == 0, false), count);
        job.out(job.add("stream", new Operation.TableToStream(), even));

        job.pipe(in, "a", "x", 1);
        job.commit();
        assertThat(job.output()).as("1 was not and is not wanted").isEmpty();
        job.pipe(in, "a", "x", 2).pipe(in, "a", "x", 3).pipe(in, "a", "x", 4);
        job.commit();
        assertThat(job.output()).containsExactly("a=4@4");
        job.pipe(in, "a", "x", 5);
        job.commit();
        assertThat(job.output()).as("4 was emitted before 5").containsExactly("a=null@5");
    }

    @Test
    void neverChangesWhatItEmittedOrCommitted() throws Exception {
        String list = job.add("list", new Operation.AggregateStream(TestAggregates.COLLECT, null, Emit.onUpdate()), in);
        job.out(job.add("stream", new Operation.TableToStream(), list));

        job.pipe(in, "a", "x", 1);
        job.commit();
        job.pipe(in, "a", "y", 2);
        job.fail();
        job.pipe(in, "a", "z", 3);

        assertThat(job.output()).containsExactly("a=[x]@1", "a=[x, y]@2", "a=[x, z]@3");
    }

    @Test
    void handsOnResultsThatStayAsTheyAre() throws Exception {
        List<Object> seen = new ArrayList<>();
        String list = job.add("list", new Operation.AggregateStream(TestAggregates.COLLECT, null, Emit.onUpdate()), in);
        String stream = job.add("stream", new Operation.TableToStream(), list);
        job.add("keep", new Operation.Foreach((key, value) -> seen.add(value)), stream);

        job.pipe(in, "a", "x", 1).pipe(in, "a", "y", 2);

        assertThat(seen).containsExactly(List.of("x"), List.of("x", "y"));
    }

    @Test
    void aRecordThatIsDroppedLeavesNoTraceInAnAccumulatorThatWasChangedBefore() throws Exception {
        job.policy = ErrorPolicy.drop();
        String list = job.add("list", new Operation.AggregateStream(TestAggregates.COLLECT, null, Emit.onUpdate()), in);
        job.out(job.add("stream", new Operation.TableToStream(), list));

        job.pipe(in, "a", "x", 1).pipe(in, "a", "bad", 9).pipe(in, "a", "y", 2);
        job.pipe(in, "new", "bad", 3);

        assertThat(job.output()).containsExactly("a=[x]@1", "a=[x, y]@2");
        assertThat(job.drops).containsExactly("PROCESSING a=bad@9", "PROCESSING new=bad@3");
    }

    @Test
    void aRecordThatIsDroppedLeavesTheCommittedRowAlone() throws Exception {
        job.policy = ErrorPolicy.drop();
        String list = job.add("list", new Operation.AggregateStream(TestAggregates.COLLECT, null, Emit.onUpdate()), in);
        job.out(job.add("stream", new Operation.TableToStream(), list));

        job.pipe(in, "a", "x", 1);
        job.commit();
        job.pipe(in, "a", "bad", 2).pipe(in, "a", "y", 3);

        assertThat(job.output()).containsExactly("a=[x]@1", "a=[x, y]@3");
    }

    @Test
    void anUpdateThatIsDroppedLeavesTheRecordInTheAccumulator() throws Exception {
        job.policy = ErrorPolicy.drop();
        String count = job.add(
                "count", new Operation.AggregateStream(TestAggregates.COUNT_WITHOUT_TWO, null, Emit.onUpdate()), in);
        job.out(job.add("stream", new Operation.TableToStream(), count));

        job.pipe(in, "a", "x", 1).pipe(in, "a", "y", 2).pipe(in, "a", "z", 3);

        assertThat(job.output()).containsExactly("a=1@1", "a=3@3");
        assertThat(job.drops).containsExactly("PROCESSING a=2@2");
    }

    @Test
    void deletesTheRowWhoseAccumulatorBecomesNull() throws Exception {
        String list = job.add("list", new Operation.AggregateStream(TestAggregates.COLLECT, null, Emit.onUpdate()), in);
        job.out(job.add("stream", new Operation.TableToStream(), list));

        job.pipe(in, "a", "x", 1).pipe(in, "a", "none", 2).pipe(in, "a", "y", 1);

        assertThat(job.output()).containsExactly("a=[x]@1", "a=null@2", "a=[y]@1");
    }

    @Test
    void emitsAtMostOncePerIntervalOfStreamTime() throws Exception {
        counted(Emit.onUpdateAtMost(Duration.ofMillis(10)));

        job.pipe(in, "a", "x", 0).pipe(in, "b", "x", 1).pipe(in, "a", "x", 5);
        assertThat(job.output()).isEmpty();
        job.pipe(in, "a", "x", 10);
        assertThat(job.output()).as("the record that moves time is in").containsExactly("a=3@10");
        job.pipe(in, "c", "x", 30);
        assertThat(job.output()).containsExactly("b=1@1");
    }

    @Test
    void handsOnAHeldUpdateWithItsOwnHeaders() throws Exception {
        counted(Emit.onUpdateAtMost(Duration.ofMillis(10)));
        List<String> seen = new ArrayList<>();
        job.add(
                "sibling",
                new Operation.RunProcessor(
                        () -> (key, value, context) ->
                                seen.add(context.headers().get(0).key()),
                        false),
                in);
        job.headers = List.of(new Header("held", null), new Header("more", new byte[] {1}));
        job.pipe(in, "a", "x", 0);
        job.commit();
        job.fail();
        job.headers = List.of(new Header("mover", null));
        job.pipe(in, "b", "x", 10);

        assertThat(job.output()).containsExactly("a=1@0");
        assertThat(job.lastHeaders).extracting(Header::key).containsExactly("held", "more");
        assertThat(seen).containsExactly("held", "mover");
    }

    @Test
    void showsARowWhoseUpdateIsHeldAsItWasBefore() throws Exception {
        String stream = job.source("s");
        String count = job.add(
                "count",
                new Operation.AggregateStream(TestAggregates.COUNT, null, Emit.onUpdateAtMost(Duration.ofMillis(10))),
                in);
        job.out(job.add(
                "join",
                new Operation.JoinStreamTable((left, right) -> left + "/" + right, Operation.JoinKind.LEFT),
                stream,
                count));

        job.pipe(in, "a", "x", 0).pipe(stream, "a", "s", 1);
        job.pipe(in, "b", "x", 10).pipe(stream, "a", "s", 11);
        job.pipe(in, "a", "x", 12).pipe(stream, "a", "s", 13);

        assertThat(job.output()).containsExactly("a=s/null@1", "a=s/1@11", "a=s/1@13");
    }

    @Test
    void encodesAHeldUpdate() {
        HeldUpdateCodec codec = new HeldUpdateCodec(JavaCodecs.VALUES);
        HeldUpdate update =
                new HeldUpdate(null, "new", 7, List.of(new Header("one", null), new Header("two", new byte[] {1, 2})));

        HeldUpdate read = codec.decode(codec.encode(update));

        assertThat(read.oldResult()).isNull();
        assertThat(read.newResult()).isEqualTo("new");
        assertThat(read.timestampMs()).isEqualTo(7);
        assertThat(read.headers()).extracting(Header::key).containsExactly("one", "two");
        assertThat(read.headers().get(0).value()).isNull();
        assertThat(read.headers().get(1).value()).containsExactly(1, 2);
    }

    @Test
    void keepsHeldUpdatesAcrossAFailure() throws Exception {
        counted(Emit.onUpdateAtMost(Duration.ofMillis(10)));

        job.pipe(in, "a", "x", 0);
        job.commit();
        job.pipe(in, "a", "x", 20);
        assertThat(job.output()).containsExactly("a=2@20");
        job.fail();
        job.pipe(in, "b", "x", 20);

        assertThat(job.output()).containsExactly("a=1@0");
    }
}
