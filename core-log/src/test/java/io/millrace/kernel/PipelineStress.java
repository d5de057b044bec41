package io.millrace.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads, a small ring, stages that refuse now and then: nothing is lost, doubled or reordered, nobody sleeps for ever. */
@Timeout(60)
final class PipelineStress {

    private static final int PRODUCERS = 3;
    private static final int ITEMS = 40_000;

    private record Item(int producer, int number) {}

    /** Refuses every seventh offer and needs two calls to finish every fifth time. */
    private static class Moody implements Stage<Item> {
        private final Signal self;
        private int calls;

        Moody(Signal self) {
            this.self = self;
        }

        @Override
        public boolean take(Item item) {
            if (++calls % 7 == 0) {
                self.raise();
                return false;
            }
            return true;
        }

        @Override
        public boolean finish() {
            if (++calls % 5 == 0) {
                self.raise();
                return false;
            }
            return true;
        }
    }

    private static final class Checking extends Moody {
        private final int[] next = new int[PRODUCERS];
        private final CountDownLatch done;
        private int unfinished;

        Checking(Signal self, CountDownLatch done) {
            super(self);
            this.done = done;
        }

        @Override
        public boolean take(Item item) {
            if (!super.take(item)) {
                return false;
            }
            Invariant.check(item.number == next[item.producer], "order", item.number, next[item.producer]);
            next[item.producer]++;
            unfinished++;
            return true;
        }

        /** What is taken counts when it is finished too: only then does it leave with the step that is running. */
        @Override
        public boolean finish() {
            if (!super.finish()) {
                return false;
            }
            for (; unfinished > 0; unfinished--) {
                done.countDown();
            }
            return true;
        }
    }

    @Test
    void keepsEveryItemInOrderAcrossThreadsThatPark() throws Exception {
        Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(PRODUCERS * ITEMS);
        Doorbell first = new Doorbell();
        Doorbell second = new Doorbell();
        Pipeline<Item> pipeline = Pipeline.<Item>withCapacity(16, Pipeline.Producers.MANY)
                .stage("first", first, new Moody(first))
                .stage("second", second, new Checking(second, done))
                .build();
        List<AgentRunner> runners = new ArrayList<>();
        runners.add(runner(first, pipeline.stages().get(0), faults));
        runners.add(runner(second, pipeline.stages().get(1), faults));
        for (int p = 0; p < PRODUCERS; p++) {
            Doorbell bell = new Doorbell();
            runners.add(runner(bell, new Offering(p, pipeline, bell), faults));
        }

        runners.forEach(AgentRunner::start);
        boolean finished = done.await(50, TimeUnit.SECONDS);
        runners.forEach(AgentRunner::close);

        assertThat(faults).isEmpty();
        assertThat(finished).as("%d items did not arrive", done.getCount()).isTrue();
        assertThat(pipeline.size()).isZero();
    }

    private static AgentRunner runner(Doorbell bell, Agent agent, Queue<Throwable> faults) {
        return new AgentRunner(
                agent.name(),
                bell,
                List.of(agent),
                SystemClock.INSTANCE,
                new IdleStrategy(10, 0),
                (a, fault) -> faults.add(fault));
    }

    private static final class Offering implements Agent {
        private final int producer;
        private final Pipeline<Item> pipeline;
        private final Signal bell;
        private int number;

        Offering(int producer, Pipeline<Item> pipeline, Signal bell) {
            this.producer = producer;
            this.pipeline = pipeline;
            this.bell = bell;
        }

        @Override
        public String name() {
            return "producer-" + producer;
        }

        @Override
        public int step() {
            if (number < ITEMS && pipeline.offer(new Item(producer, number), bell)) {
                number++;
                return 1;
            }
            return 0;
        }
    }
}
