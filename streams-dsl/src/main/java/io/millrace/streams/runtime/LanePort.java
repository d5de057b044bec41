package io.millrace.streams.runtime;

import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The I/O agent's end of one lane's pipeline: frames to fill, and items that wait for room. Owned by the I/O agent.
 *
 * <p>Frames go round: once everything sent has found room, those sent longer ago than the ring has places have surely left
 * the lane. As many are made as are filled at a time and fit into the ring.
 */
final class LanePort {

    final int lane;
    private final Pipeline<LaneItem> pipeline;
    private final Pipeline<OutputTopic> topics;
    private final Signal signal;
    private final int recordsMax;

    /** Frames sent, in order; the last ones may still be in the ring. */
    private final ArrayDeque<Frame> sent = new ArrayDeque<>();

    private final List<Frame> open = new ArrayList<>();
    private final ArrayDeque<LaneItem> waiting = new ArrayDeque<>();
    private final ArrayDeque<OutputTopic> waitingTopics = new ArrayDeque<>();
    private long recordCount;

    /** @param topics beside the pipeline, as a barrier may wait for one */
    LanePort(int lane, Pipeline<LaneItem> pipeline, Pipeline<OutputTopic> topics, int recordsMax, Signal signal) {
        this.lane = lane;
        this.pipeline = pipeline;
        this.topics = topics;
        this.signal = signal;
        this.recordsMax = recordsMax;
    }

    /** Whether everything sent so far has found room: only then may frames be opened. */
    boolean hasRoom() {
        return waiting.isEmpty();
    }

    /** A frame to fill. */
    Frame openFrame() {
        Frame frame = sent.size() > pipeline.capacity() ? sent.removeFirst() : new Frame(recordsMax);
        open.add(frame);
        return frame;
    }

    /** Sends the open frames in the order in which they were opened. */
    void sendFrames() {
        for (Frame frame : open) {
            recordCount += frame.count;
            sent.addLast(frame);
            send(frame);
        }
        open.clear();
    }

    /** Records sent in frames so far. */
    long recordCount() {
        return recordCount;
    }

    /** Sends an item, now or as soon as there is room; no frame overtakes it. */
    void send(LaneItem item) {
        waiting.addLast(item);
        flush();
    }

    /** Tells the lane of a topic that it wanted, past everything else. */
    void sendTopic(OutputTopic topic) {
        waitingTopics.addLast(topic);
        flush();
    }

    /** Sends what waits. Returns how much went. */
    int flush() {
        int sent = 0;
        while (!waiting.isEmpty() && pipeline.offer(waiting.peekFirst(), signal)) {
            waiting.removeFirst();
            sent++;
        }
        while (!waitingTopics.isEmpty() && topics.offer(waitingTopics.peekFirst(), signal)) {
            waitingTopics.removeFirst();
            sent++;
        }
        return sent;
    }

    /** Forgets what waits: the attempt is over. */
    void clear() {
        open.clear();
        waiting.clear();
        waitingTopics.clear();
    }

    boolean isIdle() {
        return waiting.isEmpty() && pipeline.size() == 0;
    }
}
