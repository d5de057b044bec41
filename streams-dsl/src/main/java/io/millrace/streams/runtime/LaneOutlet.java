package io.millrace.streams.runtime;

import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.record.Compression;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The one way from a lane to the I/O agent, in order. Owned by the lane.
 *
 * <p>What the ring has no room for waits here; while something waits the lane takes no more input, so it is bounded by what
 * one step can make.
 */
final class LaneOutlet {

    final LaneGauges gauges = new LaneGauges();

    /** Batches that filled outside of any item of the pipeline. */
    final List<OutputBatch> looseOutputs = new ArrayList<>();

    private final int lane;
    private final Pipeline<LaneEvent> events;
    private final Signal laneSignal;
    private final ArrayDeque<LaneEvent> waiting = new ArrayDeque<>();

    LaneOutlet(int lane, Pipeline<LaneEvent> events, Signal laneSignal) {
        this.lane = lane;
        this.events = events;
        this.laneSignal = laneSignal;
    }

    void send(LaneEvent event) {
        waiting.addLast(event);
    }

    /** Compresses the batches and puts them on their way; the list is empty afterwards. */
    void hand(List<OutputBatch> outputs, long attempt) {
        for (int i = 0; i < outputs.size(); i++) {
            OutputBatch batch = outputs.get(i);
            if (batch.shape().compression() != Compression.NONE) {
                // The log stamps the batch again with its producer; the compressed body is kept.
                batch.records().finish();
            }
            send(new LaneEvent.Output(attempt, lane, batch));
        }
        outputs.clear();
    }

    /** Moves on what the ring has room for. Returns how much. */
    int flush() {
        int moved = 0;
        while (!waiting.isEmpty() && events.offer(waiting.peekFirst(), laneSignal)) {
            waiting.removeFirst();
            moved++;
        }
        return moved;
    }

    boolean isClear() {
        return waiting.isEmpty();
    }

    /** Forgets what is on its way: the attempt is over. */
    void clear() {
        waiting.clear();
        looseOutputs.clear();
    }
}
