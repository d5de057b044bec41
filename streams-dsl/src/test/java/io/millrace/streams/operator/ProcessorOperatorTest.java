package io.millrace.streams.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.Header;
import io.millrace.store.KeyValueStore;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorContext;
import io.millrace.streams.ProcessorSupplier;
import io.millrace.streams.topology.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorOperatorTest {

    private final TestJob job = new TestJob();
    private final String in = job.source("in");

    private void runs(ProcessorSupplier<Object, Object, Object, Object> supplier) {
        job.out(job.add("processor", new Operation.RunProcessor(supplier, false), in));
    }

    /** Sets a timer at the number its value names, and forwards timers as they fire. */
    private static final class Alarm implements Processor<Object, Object, Object, Object> {
        @Override
        public void process(Object key, Object value, ProcessorContext<Object, Object> context) throws Exception {
            String text = value.toString();
            long time = Long.parseLong(text.substring(1));
            if (text.startsWith("w")) {
                context.setWallClockTimer(key, time);
            } else if (text.startsWith("c")) {
                context.cancelTimer(key, time);
            } else {
                context.setTimer(key, time);
            }
            context.forward(key, text);
        }

        @Override
        public void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<Object, Object> context)
                throws Exception {
            context.forward(key, (eventTime ? "event " : "wall ") + context.streamTimeMs());
        }
    }

    @Test
    void firesTimersByTimeAndKeyBeforeTheRecordThatMovedTime() throws Exception {
        runs(Alarm::new);

        job.pipe(in, "b", "t10", 1)
                .pipe(in, "a", "t10", 1)
                .pipe(in, "c", "t5", 1)
                .pipe(in, "d", "t99", 1);
        job.pipe(in, "e", "t7", 1).pipe(in, "e", "c7", 1);
        job.output();
        job.pipe(in, "z", "t50", 20);

        assertThat(job.output()).containsExactly("c=event 20@5", "a=event 20@10", "b=event 20@10", "z=t50@20");
    }

    /** Sets a timer as its value says, which sets itself again for the time it was set for, and two more for later times. */
    private static final class Again implements Processor<Object, Object, Object, Object> {
        @Override
        public void process(Object key, Object value, ProcessorContext<Object, Object> context) throws Exception {
            context.setTimer(key, Long.parseLong(value.toString()));
        }

        @Override
        public void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<Object, Object> context)
                throws Exception {
            context.forward(key, timeMs);
            context.setTimer(key, timeMs);
            if (timeMs < 12) {
                context.setTimer(key, timeMs + 1);
            }
        }
    }

    @Test
    void letsATimerThatSetsItselfAgainWaitForTheNextMovement() throws Exception {
        runs(Again::new);
        job.pipe(in, "a", "10", 1);

        job.pipe(in, "z", "99", 20);
        assertThat(job.output()).containsExactly("a=10@10", "a=11@11", "a=12@12");

        job.pipe(in, "z", "99", 21);
        assertThat(job.output()).containsExactly("a=10@10", "a=11@11", "a=12@12");
    }

    @Test
    void commitsATimersDeletionWithItsEffects() throws Exception {
        runs(Alarm::new);

        job.pipe(in, "a", "t10", 1);
        job.commit();
        job.pipe(in, "b", "t99", 10);
        job.fail();
        job.streamTime("processor").restore(1, 1);
        job.output();
        job.pipe(in, "b", "t99", 10);

        assertThat(job.output())
                .as("the failed epoch gave the timer back")
                .containsExactly("a=event 10@10", "b=t99@10");
    }

    @Test
    void firesWallClockTimersAtFrameBoundaries() throws Exception {
        runs(Alarm::new);
        job.wallClockMs = 100;
        job.pipe(in, "a", "w150", 1);
        job.output();
        assertThat(job.fragment().stateful().get(0).nextWallClockMs()).isEqualTo(150);

        job.wallClockMs = 149;
        job.advance();
        assertThat(job.output()).isEmpty();
        job.wallClockMs = 150;
        job.advance();

        assertThat(job.output()).containsExactly("a=wall 1@150");
        assertThat(job.fragment().stateful().get(0).nextWallClockMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void showsStoresHeadersAndPosition() throws Exception {
        runs(new ProcessorSupplier<>() {
            @Override
            public Processor<Object, Object, Object, Object> create() {
                return (key, value, context) -> {
                    KeyValueStore<String, Long> store = context.store("seen");
                    Long seen = store.get("n");
                    store.put("n", seen == null ? 1L : seen + 1);
                    context.forward(
                            key,
                            store.get("n") + " " + context.topic() + "/" + context.partition() + "/" + context.offset()
                                    + " " + context.headers().get(0).key(),
                            context.timestampMs() + 1);
                };
            }

            @Override
            public List<String> stores() {
                return List.of("seen");
            }
        });
        job.headers = List.of(new Header("h", null));

        job.pipe(in, "a", "x", 5).pipe(in, "a", "x", 6);

        assertThat(job.output()).containsExactly("a=1 in/0/7 h@6", "a=2 in/0/7 h@7");
        assertThat(job.lastHeaders).containsExactly(new Header("h", null));
    }

    /** Appends to a list in a store, sets a timer at 10, forwards the list, and throws on "bad" at the very end. */
    private static final class Remembering implements Processor<Object, Object, Object, Object> {
        @Override
        public void process(Object key, Object value, ProcessorContext<Object, Object> context) throws Exception {
            KeyValueStore<Object, ArrayList<Object>> lists = context.store("lists");
            ArrayList<Object> list = lists.getForUpdate(key);
            list = list == null ? new ArrayList<>() : list;
            list.add(value);
            lists.put(key, list);
            context.forward(key, List.copyOf(list));
            if (value.equals("bad")) {
                lists.delete(key);
                context.setTimer(key, 10);
                throw new IllegalStateException("bad");
            }
        }

        @Override
        public void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<Object, Object> context)
                throws Exception {
            context.forward(key, "timer");
        }
    }

    @Test
    void aRecordThatIsDroppedLeavesNoTraceInStoresTimersAndOutput() throws Exception {
        job.policy = ErrorPolicy.drop();
        runs(new ProcessorSupplier<>() {
            @Override
            public Processor<Object, Object, Object, Object> create() {
                return new Remembering();
            }

            @Override
            public List<String> stores() {
                return List.of("lists");
            }
        });

        job.pipe(in, "a", "x", 1)
                .pipe(in, "a", "bad", 2)
                .pipe(in, "new", "bad", 3)
                .pipe(in, "a", "y", 20);

        assertThat(job.output()).containsExactly("a=[x]@1", "a=[x, y]@20");
        assertThat(job.drops).containsExactly("PROCESSING a=bad@2", "PROCESSING new=bad@3");
    }

    @Test
    void namesTheStoresThereAre() {
        runs(() -> (key, value, context) -> context.store("nope"));

        assertThatThrownBy(() -> job.pipe(in, "a", "x", 1))
                .hasRootCauseMessage("processor processor has no store 'nope'; its supplier names []");
    }

    @Test
    void endsTheEpochThoughUserCodeCatchesWhatFailedDownstream() {
        job.policy = ErrorPolicy.drop();
        String swallowing = job.add(
                "swallowing",
                new Operation.RunProcessor(
                        () -> (key, value, context) -> {
                            try {
                                context.forward(key, value);
                            } catch (Exception e) {
                                context.forward(key, "never mind");
                            }
                        },
                        false),
                in);
        job.add(
                "below",
                new Operation.WriteTopic("t", null, TestJob.STRINGS, TestJob.STRINGS, null, 0, java.util.Map.of()),
                swallowing);
        job.failingSink = "x";

        assertThatThrownBy(() -> job.pipe(in, "a", "x", 1)).hasMessage("the sink refuses x");
        assertThat(job.drops).isEmpty();
    }
}
