package io.millrace.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class AgentRunnerTest {

    private final Doorbell bell = new Doorbell();
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    /** An agent whose step is given. */
    private record Scripted(String name, Step body, List<String> events, AtomicLong deadlineNs) implements Agent {
        interface Step {
            int step() throws Exception;
        }

        @Override
        public int step() throws Exception {
            return body.step();
        }

        @Override
        public long nextDeadlineNs() {
            return deadlineNs.get();
        }

        @Override
        public void close() {
            events.add("closed " + name + " on " + Thread.currentThread().getName());
        }
    }

    private Scripted agent(String name, Scripted.Step step) {
        return new Scripted(name, step, events, new AtomicLong(Long.MAX_VALUE));
    }

    private AgentRunner runner(Agent... agents) {
        return new AgentRunner(
                "runner",
                bell,
                List.of(agents),
                SystemClock.INSTANCE,
                IdleStrategy.PARKING,
                (agent, fault) -> events.add(agent.name() + " failed: " + fault.getMessage()));
    }

    @Test
    void wakesAParkedThreadForEverySignal() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        Doorbell other = new Doorbell();
        int rounds = 20_000;
        CountDownLatch done = new CountDownLatch(1);
        AgentRunner ping = new AgentRunner(
                "ping",
                other,
                List.of(agent("ping", () -> {
                    if (answered.get() < asked.get()) {
                        return 0;
                    }
                    if (asked.get() == rounds) {
                        done.countDown();
                        return 0;
                    }
                    asked.incrementAndGet();
                    bell.raise();
                    return 1;
                })),
                SystemClock.INSTANCE,
                IdleStrategy.PARKING,
                (agent, fault) -> events.add(fault.toString()));
        AgentRunner pong = runner(agent("pong", () -> {
            if (answered.get() == asked.get()) {
                return 0;
            }
            answered.incrementAndGet();
            other.raise();
            return 1;
        }));
        try (ping;
                pong) {
            ping.start();
            pong.start();
            assertThat(done.await(20, TimeUnit.SECONDS))
                    .as("stuck after %d of %d round trips", answered.get(), rounds)
                    .isTrue();
        }
    }

    @Test
    void wakesForADeadlineWithoutASignal() throws Exception {
        CountDownLatch due = new CountDownLatch(1);
        long deadlineNs = System.nanoTime() + 5_000_000;
        Scripted agent = new Scripted(
                "sleeper",
                () -> {
                    if (System.nanoTime() - deadlineNs >= 0) {
                        due.countDown();
                    }
                    return 0;
                },
                events,
                new AtomicLong(deadlineNs));
        try (AgentRunner runner = runner(agent)) {
            runner.start();
            assertThat(due.await(20, TimeUnit.SECONDS)).isTrue();
            agent.deadlineNs().set(Long.MAX_VALUE);
        }
    }

    @Test
    void stopsOnlyTheAgentThatThrewAndTellsTheHandler() throws Exception {
        CountDownLatch stepsAfterwards = new CountDownLatch(3);
        AtomicInteger stepsOfBroken = new AtomicInteger();
        Agent broken = agent("broken", () -> {
            stepsOfBroken.incrementAndGet();
            throw new java.io.IOException("disk on fire");
        });
        Agent healthy = agent("healthy", () -> {
            if (stepsOfBroken.get() > 0) {
                stepsAfterwards.countDown();
            }
            return stepsAfterwards.getCount() > 0 ? 1 : 0;
        });
        try (AgentRunner runner = runner(broken, healthy)) {
            runner.start();
            assertThat(stepsAfterwards.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(stepsOfBroken).hasValue(1);
        assertThat(events)
                .containsExactly("closed broken on runner", "broken failed: disk on fire", "closed healthy on runner");
    }

    @Test
    void closesItsAgentsInReverseOnTheirOwnThread() {
        AgentRunner runner = runner(agent("a", () -> 0), agent("b", () -> 0)).start();
        runner.close();
        assertThat(events).containsExactly("closed b on runner", "closed a on runner");
        assertThat(runner.isStopped()).isTrue();
    }

    @Test
    void canBeClosedByItsOwnAgent() throws Exception {
        AgentRunner[] self = new AgentRunner[1];
        CountDownLatch closed = new CountDownLatch(1);
        self[0] = runner(agent("a", () -> {
            self[0].close();
            closed.countDown();
            return 1;
        }));
        self[0].start();
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        self[0].close();
        assertThat(events).containsExactly("closed a on runner");
    }

    /** As the machine does with an OutOfMemoryError, of which it has one and the same for everybody. */
    @Test
    void aHandlerThatThrowsTheVeryFaultAgainStopsNoOtherAgent() throws Exception {
        Error fault = new OutOfMemoryError("of the test");
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch stepsAfterwards = new CountDownLatch(3);
        Agent broken = agent("broken", () -> {
            throw fault;
        });
        Agent healthy = agent("healthy", () -> {
            if (failed.getCount() == 0) {
                stepsAfterwards.countDown();
            }
            return 1;
        });
        AgentRunner runner = new AgentRunner(
                "runner", bell, List.of(broken, healthy), SystemClock.INSTANCE, IdleStrategy.PARKING, (agent, told) -> {
                    failed.countDown();
                    throw fault;
                });
        try (runner) {
            runner.start();
            assertThat(stepsAfterwards.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
