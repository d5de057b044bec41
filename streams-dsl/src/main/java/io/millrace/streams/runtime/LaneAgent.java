package io.millrace.streams.runtime;

import io.millrace.kernel.Agent;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.kernel.Stage;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code lane-n} agent: steps one lane's pipeline (process → encode) and what goes with it. It lives as long as the job;
 * a {@link Lane} lives for one attempt.
 *
 * <p>A failure does not stop it: it reports, drops what is left of the attempt, and waits to be released from it.
 */
final class LaneAgent implements Agent {

    /** Items of a lane's pipeline. */
    static final int PIPELINE_ITEMS = 64;

    /** What each of them goes through; decoding is done before, by the I/O agent. */
    static final List<String> STAGES = List.of("process", "encode");

    private static final int CONFIRMATIONS = 64;
    private static final int TOPICS = 64;
    private static final Logger LOG = LoggerFactory.getLogger(LaneAgent.class);
    private static final long NS_PER_MS = 1_000_000;

    private final int index;
    private final String name;
    private final Clock clock;
    private final LaneOutlet outlet;
    private final LaneBuilder builder;
    private final AtomicLong abandonedAttempt;
    private final Pipeline<LaneItem> pipeline;
    private final Agent process;
    private final Agent encode;
    private final Pipeline<StoreAgent.Written> confirmations;
    private final Agent confirming;
    private final Pipeline<OutputTopic> topics;
    private final Agent learning;
    private @Nullable Lane lane;
    private long attempt;
    private boolean failed;

    /** @param abandonedAttempt attempts up to this one are over: their items are dropped */
    LaneAgent(
            int index,
            String name,
            Clock clock,
            LaneOutlet outlet,
            LaneBuilder builder,
            AtomicLong abandonedAttempt,
            Signal signal) {
        this.index = index;
        this.name = name;
        this.clock = clock;
        this.outlet = outlet;
        this.builder = builder;
        this.abandonedAttempt = abandonedAttempt;
        Stage<LaneItem> processing = this::process;
        Stage<LaneItem> encoding = this::encode;
        pipeline = Pipeline.<LaneItem>withCapacity(PIPELINE_ITEMS, Pipeline.Producers.ONE)
                .stage(STAGES.get(0), signal, processing)
                .stage(STAGES.get(1), signal, encoding)
                .build();
        process = pipeline.stages().get(0);
        encode = pipeline.stages().get(1);
        Stage<StoreAgent.Written> confirm = this::confirm;
        confirmations = Pipeline.<StoreAgent.Written>withCapacity(CONFIRMATIONS, Pipeline.Producers.ONE)
                .stage("confirm", signal, confirm)
                .build();
        confirming = confirmations.stages().get(0);
        Stage<OutputTopic> learn = this::learn;
        topics = Pipeline.<OutputTopic>withCapacity(TOPICS, Pipeline.Producers.ONE)
                .stage("topics", signal, learn)
                .build();
        learning = topics.stages().get(0);
    }

    Pipeline<LaneItem> pipeline() {
        return pipeline;
    }

    /** Slices on their way back from the store agent. */
    Pipeline<StoreAgent.Written> confirmations() {
        return confirmations;
    }

    /** Topics that sinks have chosen and the I/O agent has found. */
    Pipeline<OutputTopic> topics() {
        return topics;
    }

    LaneGauges gauges() {
        return outlet.gauges;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int step() throws Exception {
        int work = outlet.flush() + confirming.step() + learning.step();
        if (outlet.isClear()) {
            if (lane != null) {
                lane.look();
            }
            work += process.step();
            for (int encoded = encode.step(); encoded > 0; encoded = encode.step()) {
                work += encoded;
            }
            work += aside();
        }
        return work + outlet.flush();
    }

    private boolean isDropping() {
        return failed || attempt <= abandonedAttempt.getAcquire();
    }

    private int aside() {
        Lane current = lane;
        if (current == null || isDropping()) {
            return 0;
        }
        try {
            int work = current.stepAside(clock.wallMs());
            outlet.hand(outlet.looseOutputs, attempt);
            return work;
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            fail(e);
            return 1;
        }
    }

    private boolean process(LaneItem item) {
        if (item instanceof LaneItem.Release) {
            if (lane != null) {
                lane.close();
            }
            lane = null;
            failed = false;
            outlet.clear();
            outlet.send(new LaneEvent.Released(attempt, index));
            return true;
        }
        try {
            if (item instanceof LaneItem.Assign assign) {
                attempt = assign.assignment.attempt();
                lane = builder.build(assign.assignment, outlet);
                lane.opened();
                return true;
            }
            if (isDropping() || lane == null) {
                if (item instanceof LaneItem.Ask ask) {
                    ask.question.refuse("the job is restarting; ask again");
                }
                return true;
            }
            return lane.take(item, clock.wallMs());
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            item.outputs.clear();
            fail(e);
            return true;
        }
    }

    private boolean encode(LaneItem item) {
        if (item instanceof Frame frame) {
            frame.release();
        }
        if (isDropping()) {
            item.outputs.clear();
            return true;
        }
        outlet.hand(item.outputs, attempt);
        if (item instanceof LaneItem.Barrier barrier && lane != null) {
            outlet.hand(outlet.looseOutputs, attempt);
            lane.measureState();
            outlet.send(new LaneEvent.EpochDone(attempt, index, barrier.epoch));
        } else if (item instanceof LaneItem.WriteOut) {
            outlet.send(new LaneEvent.WrittenOut(attempt, index));
        }
        return true;
    }

    private boolean confirm(StoreAgent.Written written) {
        Lane current = lane;
        if (current != null && !isDropping() && written.write().attempt() == attempt) {
            try {
                current.confirm(written);
            } catch (RuntimeException e) {
                fail(e);
            }
        }
        return true;
    }

    private boolean learn(OutputTopic topic) {
        Lane current = lane;
        if (current != null && !isDropping()) {
            try {
                current.found(topic);
                outlet.hand(outlet.looseOutputs, attempt);
            } catch (Exception e) {
                fail(e);
            }
        }
        return true;
    }

    private void fail(Throwable cause) {
        LOG.debug("lane={} attempt={} failed", index, attempt, cause);
        failed = true;
        outlet.clear();
        RecordFailure failure = cause instanceof RecordFailure known ? known : new RecordFailure(null, -1, -1, cause);
        outlet.send(new LaneEvent.Failed(attempt, index, failure));
    }

    @Override
    public long nextDeadlineNs() {
        Lane current = lane;
        if (current == null || failed) {
            return Long.MAX_VALUE;
        }
        long wallMs = clock.wallMs();
        long nextMs = current.nextWallClockMs(wallMs);
        return nextMs == Long.MAX_VALUE ? Long.MAX_VALUE : clock.nanoTime() + Math.max(0, nextMs - wallMs) * NS_PER_MS;
    }
}
