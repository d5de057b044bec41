package io.millrace.streams.runtime;

import io.millrace.record.Header;
import io.millrace.streams.operator.SourceBytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input of a task as a row of heads: {@link #advance} decodes the next record, the fields say what it is, and {@link
 * #take} moves behind it. Owned by the I/O agent.
 */
abstract class InputReader {

    final TaskInput input;

    @Nullable
    Object key;

    @Nullable
    Object value;

    long timestampMs;
    long offset = -1;

    /** Encoded size of key and value, 0 if unknown. */
    int bytes;

    List<Header> headers = List.of();

    /** The head as it stands on its topic, if a dead-letter topic may want it. */
    @Nullable
    SourceBytes source;

    /** Set if the head could not be decoded; then key and value are null. */
    @Nullable
    DecodeFailure failure;

    private boolean hasHead;
    private long largestMs = Long.MIN_VALUE;

    InputReader(TaskInput input) {
        this.input = input;
    }

    /** Makes sure that there is a head. Returns false if there is nothing to read at the moment. */
    final boolean advance() throws Exception {
        if (!hasHead) {
            hasHead = decodeNext();
        }
        return hasHead;
    }

    /** Puts the head into a frame and moves behind it. */
    final void take(Frame frame) {
        frame.add(input.index(), key, value, timestampMs, offset);
        frame.bytes += bytes;
        if (!headers.isEmpty()) {
            frame.headersOfLast(headers);
        }
        if (source != null) {
            frame.sourceOfLast(source);
            source = null;
        }
        if (failure != null) {
            frame.failureOfLast(failure);
            failure = null;
        }
        key = null;
        value = null;
        largestMs = Math.max(largestMs, timestampMs);
        hasHead = false;
        taken();
    }

    /** The largest timestamp (ms) taken, {@link Long#MIN_VALUE} before the first. */
    final long largestMs() {
        return largestMs;
    }

    final boolean hasHead() {
        return hasHead;
    }

    /** Decodes the next record into the fields; false if there is none at the moment. */
    abstract boolean decodeNext() throws Exception;

    /** The head was taken. */
    abstract void taken();

    /**
     * Whether there is input that has not been taken: heads of other inputs of the task must wait for it.
     *
     * @param nowNs monotonic time
     */
    abstract boolean hasUnread(long nowNs);

    /** Time (ns) at which {@link #hasUnread} may turn false without any input, {@link Long#MAX_VALUE} for never. */
    abstract long nextDeadlineNs();

    /** Adds the position behind what was taken, if it moved since the last call. Returns whether it did. */
    abstract boolean collectPosition(PositionsOfEpoch into);

    /** Records behind the last one taken, as far as is known; -1 if unknown. */
    abstract long lag();

    abstract void close();
}
