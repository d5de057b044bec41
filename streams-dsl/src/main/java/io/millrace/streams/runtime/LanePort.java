package io.millrace.streams.runtime;

import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import java.util.ArrayDeque;

/**
 * The I/O agent's end of one lane's pipeline: frames to fill, and items that wait for room. Owned by the I/O agent.
 *
 * <p>Frames go round: the ring has room for one less than there are, so that the next one to fill has surely left the lane
 * once all the others have found room.
 */
final class LanePort {

    final int lane;
    private final Pipeline<LaneItem> pipeline;
    private final Pipeline<OutputTopic> topics;
    private final Signal signal;
    private final Frame[] frames;
    private final ArrayDeque<LaneItem> waiting = new ArrayDeque<>();
    private final ArrayDeque<OutputTopic> waitingTopics = new ArrayDeque<>();
    private int next;
    private long recordCount;

    /** @param topics beside the pipeline, as a barrier may wait for one */
    LanePort(int lane, Pipeline<LaneItem> pipeline, Pipeline<OutputTopic> topics, int recordsMax, Signal signal) {
        this.lane = lane;
        this.pipeline = pipeline;
        this.topics = topics;
        this.signal = signal;
        frames = new Frame[pipeline.capacity() + 1];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = new Frame(recordsMax);
        }
    }

    /** Whether everything sent so far has found room: only then may the next frame be filled. */
    boolean hasRoom() {
        return waiting.isEmpty();
    }

    /** The frame to fill next. */
    Frame nextFrame() {
        return frames[next];
    }

    /** Sends the frame that {@link #nextFrame} gave. */
    void sendFrame() {
        recordCount += frames[next].count;
        send(frames[next]);
        next = next + 1 == frames.length ? 0 : next + 1;
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
        waiting.clear();
        waitingTopics.clear();
    }

    boolean isIdle() {
        return waiting.isEmpty() && pipeline.size() == 0;
    }
}
