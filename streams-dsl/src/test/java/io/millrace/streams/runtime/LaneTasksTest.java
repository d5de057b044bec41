package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.operator.Receiver;
import io.millrace.streams.operator.RecordContext;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.plan.Planner;
import io.millrace.streams.plan.TopicPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One of two lanes: a task that reads rows itself and gets events through an exchange, from both lanes. */
class LaneTasksTest {

    private static final int SHARDS = 2;
    private static final int EVENTS = 0;
    private static final int MEETING = 1;

    private final Plan plan = streamMeetsTable();
    private final List<Object> taken = new ArrayList<>();
    private final LaneTasks tasks = tasks();

    private static Plan streamMeetsTable() {
        var job = Topology.define("meet");
        var events = job.stream(Topic.of("events", Codecs.string(), Codecs.string()));
        var rows = job.table(Topic.of("rows", Codecs.string(), Codecs.string()));
        events.selectKey((key, value) -> value).join(rows, (l, r) -> l + r).foreach((key, value) -> {});
        return Planner.plan(job.build(), TopicPartitions.of(Map.of("events", SHARDS, "rows", SHARDS)));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private LaneTasks tasks() {
        Receiver take = (key, value, timestampMs, context) -> taken.add(value);
        LaneTask reading = new LaneTask(EVENTS, 0);
        LaneTask meeting = new LaneTask(MEETING, 0);
        meeting.inputs = List.of(new TaskInput(
                MEETING, 0, 0, plan.fragments().get(MEETING).nodes().get(0), "rows", 0, null));
        meeting.inputReceivers = new Receiver[] {take};
        meeting.exchangeReceivers = new Receiver[] {take};
        meeting.held = new HeldRecords(List.of(0), 1, SHARDS);
        Exchanges exchanges = new Exchanges(0, SHARDS, new int[] {EVENTS}, new Pipeline[1][SHARDS], Signal.NONE);
        return new LaneTasks(
                plan,
                new LaneTask[][] {{reading, null}, {meeting, null}},
                new LaneContext[2][SHARDS],
                exchanges,
                new boolean[][] {{true, true}, {true, true}});
    }

    @BeforeEach
    void rowsAreReadAndEventsAreNot() throws Exception {
        progress(MEETING, Frame.ALL_READ);
        progress(EVENTS, 20);
        tasks.upstreamProgressed(0, 1, 5, 0);
    }

    private void progress(int fragment, long progressMs) throws Exception {
        Frame frame = new Frame(1);
        frame.begin(fragment, 0);
        frame.progressMs = progressMs;
        tasks.run(frame);
    }

    private void row(String value, long timestampMs) throws Exception {
        Frame frame = new Frame(1);
        frame.begin(MEETING, 0);
        frame.add(0, "k", value, timestampMs, 0);
        frame.progressMs = Frame.ALL_READ;
        tasks.run(frame);
    }

    /** From the other lane, which knows of that news. */
    private void event(String value, long timestampMs, long version) throws Exception {
        ExchangeFrame frame = new ExchangeFrame();
        frame.add(0, 1, 0, "k", value, timestampMs, new RecordContext());
        frame.version = version;
        tasks.run(frame);
    }

    @Test
    void doesNotWaitForItsOwnInputOnceThatIsRead() throws Exception {
        event("event", 10, 0);

        assertThat(taken).containsExactly("event");
    }

    @Test
    void waitsForItsOwnInputIfNewsOfItMayBeOnItsWay() throws Exception {
        event("event", 10, 1);
        assertThat(taken).isEmpty();

        tasks.unread(MEETING, 0, 5, 1);
        row("row", 9);

        assertThat(taken).containsExactly("row", "event");
    }

    @Test
    void letsGoAsSoonAsItsOwnInputIsReadFurther() throws Exception {
        tasks.unread(MEETING, 0, 5, 1);
        event("event", 10, 1);
        assertThat(taken).isEmpty();

        progress(MEETING, 12);

        assertThat(taken).containsExactly("event");
    }
}
