package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.kernel.Stage;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.topology.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lanes are told, and when, of two tasks on two lanes that are read in one order. */
class TaskFeedTest {

    private static final class Numbers extends InputReader {
        final ArrayDeque<Long> timestamps = new ArrayDeque<>();
        Runnable whenRead = () -> {};
        Runnable whenTaken = () -> {};

        Numbers(int shard) {
            super(new TaskInput(0, shard, 0, source(), "t", shard, null));
        }

        private static Node source() {
            var job = Topology.define("feed");
            job.stream(Topic.of("t", Codecs.string(), Codecs.string())).foreach((key, value) -> {});
            return job.build().nodes().get(0);
        }

        @Override
        boolean decodeNext() {
            Long next = timestamps.poll();
            if (next != null) {
                timestampMs = next;
                value = next;
                whenRead.run();
            }
            return next != null;
        }

        @Override
        void taken() {
            whenTaken.run();
        }

        @Override
        boolean hasUnread(long nowNs) {
            return hasHead() || !timestamps.isEmpty();
        }

        @Override
        long nextDeadlineNs() {
            return Long.MAX_VALUE;
        }

        @Override
        boolean collectPosition(PositionsOfEpoch into) {
            return false;
        }

        @Override
        long lag() {
            return timestamps.size();
        }

        @Override
        void close() {}
    }

    private final Numbers busy = new Numbers(0);
    private final Numbers idle = new Numbers(1);
    private final TaskFeed feed = new TaskFeed(List.of(busy, idle));
    private final List<List<String>> arrived = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<Pipeline<LaneItem>> lanes = List.of(lane(0), lane(1));
    private final List<LanePort> ports = List.of(port(0), port(1));
    private final ProgressNews news = new ProgressNews(List.of(feed), ports);

    private Pipeline<LaneItem> lane(int index) {
        Stage<LaneItem> stage = item -> arrived.get(index).add(text(item));
        return Pipeline.<LaneItem>withCapacity(64, Pipeline.Producers.ONE)
                .stage("lane", Signal.NONE, stage)
                .build();
    }

    private static String text(LaneItem item) {
        if (item instanceof LaneItem.Unread unread) {
            return "unread " + unread.shard;
        }
        Frame frame = (Frame) item;
        return frame.count + " of " + frame.shard + " to "
                + (frame.progressMs == Frame.ALL_READ ? "the end" : Long.toString(frame.progressMs));
    }

    private LanePort port(int index) {
        Stage<OutputTopic> none = topic -> true;
        Pipeline<OutputTopic> topics = Pipeline.<OutputTopic>withCapacity(2, Pipeline.Producers.ONE)
                .stage("topics", Signal.NONE, none)
                .build();
        return new LanePort(index, lanes.get(index), topics, 8, Signal.NONE);
    }

    private List<List<String>> send() throws Exception {
        while (feed.send(ports, 0, news) == TaskFeed.Sent.FRAME) {
            // until there is nothing more
        }
        arrived.forEach(List::clear);
        for (Pipeline<LaneItem> lane : lanes) {
            lane.stages().get(0).step();
        }
        return List.copyOf(arrived);
    }

    @Test
    void saysThatATaskHasReadEverything() throws Exception {
        assertThat(send()).containsExactly(List.of("0 of 0 to the end"), List.of("0 of 1 to the end"));
    }

    @Test
    void takesThatBackBeforeItSendsARecordThatCameWhileAnotherTaskWasRead() throws Exception {
        send();
        busy.timestamps.addAll(List.of(10L, 20L));
        busy.whenTaken = () -> {
            idle.timestamps.add(15L);
            busy.whenTaken = () -> {};
        };

        assertThat(send())
                .containsExactly(
                        List.of("unread 0", "unread 1", "2 of 0 to the end"),
                        List.of("unread 0", "unread 1", "1 of 1 to the end"));
    }

    @Test
    void takesFirstWhatCameBeforeTheHeadThatWasFound() throws Exception {
        List<Long> order = new ArrayList<>();
        busy.whenTaken = () -> order.add(busy.timestampMs);
        idle.whenTaken = () -> order.add(idle.timestampMs);
        idle.whenRead = () -> busy.timestamps.add(10L);
        idle.timestamps.add(20L);

        send();

        assertThat(order).containsExactly(10L, 20L);
    }
}
