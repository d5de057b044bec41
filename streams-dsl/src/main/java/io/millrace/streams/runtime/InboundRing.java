package io.millrace.streams.runtime;

import io.millrace.kernel.Agent;
import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.kernel.Stage;
import org.jspecify.annotations.Nullable;

/** The receiving end of the ring of one exchange between two lanes. Stepped by the receiving lane. */
final class InboundRing {

    final int exchange;
    final int fromLane;
    private final Pipeline<ExchangeFrame> ring;
    private final Agent poller;
    private @Nullable Stage<ExchangeFrame> receiver;

    private int allowance;

    /** The epoch whose barrier came through last; nothing more is taken until the whole lane has ended it. */
    long barrierEpoch;

    /** @param signal of the receiving lane */
    InboundRing(int exchange, int fromLane, Signal signal) {
        this.exchange = exchange;
        this.fromLane = fromLane;
        Stage<ExchangeFrame> forward = this::forward;
        ring = Pipeline.<ExchangeFrame>withCapacity(Exchanges.RING_FRAMES, Pipeline.Producers.ONE)
                .stage("exchange-" + exchange, signal, forward)
                .build();
        poller = ring.stages().get(0);
    }

    private boolean forward(ExchangeFrame frame) throws Exception {
        if (allowance == 0 || receiver == null || !receiver.take(frame)) {
            return false;
        }
        allowance--;
        return true;
    }

    /**
     * Only what is there now is taken until the next call. Called before the lane takes its own input: whatever was sent to it
     * before the cause of these frames was sent to another lane is then taken before them.
     */
    void look() {
        allowance = ring.size();
    }

    Pipeline<ExchangeFrame> ring() {
        return ring;
    }

    void receiver(Stage<ExchangeFrame> stage) {
        receiver = stage;
    }

    int step() throws Exception {
        return poller.step();
    }
}
