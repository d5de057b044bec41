package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.operator.RecordContext;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.plan.Planner;
import io.millrace.streams.plan.TopicPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which record goes next, and when none may: exchanges 0 and 1, each from two shards, and the task's own input. */
class HeldRecordsTest {

    private static final int SHARDS = 2;
    private static final Frame OWN = new Frame(16);

    private final Plan plan = twoExchanges();
    private final ProgressBoard progress =
            new ProgressBoard(plan, new boolean[][] {{true, true}, {true, true}, {true, true}});
    private final HeldRecords held = new HeldRecords(List.of(0, 1), 2, SHARDS);
    private long ownProgressMs = Frame.ALL_READ;

    private static Plan twoExchanges() {
        var job = Topology.define("two");
        var left = job.stream(Topic.of("left", Codecs.string(), Codecs.string()));
        var right = job.stream(Topic.of("right", Codecs.string(), Codecs.string()));
        left.selectKey((key, value) -> value)
                .join(right.selectKey((key, value) -> value).toTable(), (l, r) -> l + r)
                .foreach((key, value) -> {});
        return Planner.plan(job.build(), TopicPartitions.of(Map.of("left", SHARDS, "right", SHARDS)));
    }

    @BeforeEach
    void nothingIsUnread() {
        for (int exchange = 0; exchange < 2; exchange++) {
            for (int shard = 0; shard < SHARDS; shard++) {
                progress.report(exchange, shard, Frame.ALL_READ, 1);
            }
        }
    }

    private void through(int exchange, int shard, String value, long timestampMs) {
        ExchangeFrame frame = new ExchangeFrame();
        frame.add(exchange, shard, 0, "k", value, timestampMs, new RecordContext());
        held.add(frame, 0);
    }

    private void own(String value, long timestampMs) {
        OWN.begin(2, 0);
        OWN.add(0, "k", value, timestampMs, 0);
        held.add(OWN, 0, new TaskInput(2, 0, 0, plan.fragments().get(0).nodes().get(0), "t", 0, null));
    }

    private List<Object> taken(boolean epochEnds) {
        List<Object> values = new ArrayList<>();
        for (var next = held.next(progress, ownProgressMs, epochEnds);
                next != null;
                next = held.next(progress, ownProgressMs, epochEnds)) {
            values.add(next.value());
        }
        return values;
    }

    @Test
    void takesTheSmallestHeadAndKeepsTheOrderOfALine() {
        through(0, 0, "a8", 8);
        through(0, 0, "a5", 5);
        through(1, 1, "b7", 7);
        own("o6", 6);

        assertThat(taken(false)).containsExactly("o6", "b7", "a8", "a5");
    }

    @Test
    void takesTheEarlierLineOnATie() {
        own("own", 5);
        through(1, 0, "second", 5);
        through(0, 1, "first, shard 1", 5);
        through(0, 0, "first, shard 0", 5);

        assertThat(taken(false)).containsExactly("first, shard 0", "first, shard 1", "second", "own");
    }

    @Test
    void waitsForALineThatMayBringSomethingEarlier() {
        through(1, 0, "b", 5);

        progress.report(0, 1, 4, 1);
        assertThat(taken(false)).isEmpty();
        progress.report(0, 1, 5, 1);
        assertThat(taken(false)).as("a tie would go to exchange 0").isEmpty();
        progress.report(0, 1, 6, 1);
        assertThat(taken(false)).containsExactly("b");
    }

    @Test
    void doesNotWaitForALaterLineOnATie() {
        through(0, 0, "a", 5);
        progress.report(1, 0, 5, 1);
        ownProgressMs = 5;

        assertThat(taken(false)).containsExactly("a");
    }

    @Test
    void waitsForTheTasksOwnInput() {
        through(0, 0, "a", 5);
        ownProgressMs = 4;

        assertThat(taken(false)).isEmpty();
        assertThat(held.count()).isEqualTo(1);
    }

    @Test
    void letsEverythingGoInOrderWhenTheEpochEnds() {
        progress.report(0, 0, Long.MIN_VALUE, 1);
        ownProgressMs = Long.MIN_VALUE;
        through(1, 0, "b6", 6);
        through(0, 1, "a7", 7);
        through(1, 1, "c5", 5);

        assertThat(taken(false)).isEmpty();
        assertThat(taken(true)).containsExactly("c5", "b6", "a7");
    }

    @Test
    void knowsTheSmallestTimestampAlsoBehindALargerOne() {
        assertThat(held.smallestMs()).isEqualTo(Long.MAX_VALUE);
        through(0, 0, "a8", 8);
        through(0, 0, "a5", 5);
        through(0, 0, "a9", 9);
        through(1, 0, "b7", 7);

        assertThat(held.smallestMs()).isEqualTo(5);
        held.next(progress, ownProgressMs, true);
        held.next(progress, ownProgressMs, true);
        assertThat(held.smallestMs()).as("b7 and a8 have gone").isEqualTo(5);
        held.next(progress, ownProgressMs, true);
        assertThat(held.smallestMs()).isEqualTo(9);
    }
}
