package io.millrace.streams.runtime;

import java.util.List;

/**
 * All inputs of one task: puts their records into one order. Owned by the I/O agent.
 *
 * <p>The head with the smallest timestamp goes first, the lower partition on a tie. A head goes only when every other input
 * has one too or has nothing unread, so that a slow input is not overtaken by a fast one.
 */
final class TaskFeed {

    final int fragment;
    final int shard;
    final List<InputReader> inputs;
    private long sentProgressMs = Long.MIN_VALUE;
    private boolean sentAny;

    /** @param inputs in order of partition, then of the node */
    TaskFeed(int fragment, int shard, List<InputReader> inputs) {
        this.fragment = fragment;
        this.shard = shard;
        this.inputs = List.copyOf(inputs);
    }

    /**
     * Fills a frame with what can be taken now.
     *
     * @return whether the frame is worth sending: it has records, or news of progress
     */
    boolean fill(Frame frame, long nowNs) throws Exception {
        frame.begin(fragment, shard);
        if (inputs.size() == 1) {
            InputReader only = inputs.get(0);
            while (!frame.isFull() && only.advance()) {
                only.take(frame);
            }
        } else {
            for (InputReader first = first(nowNs); first != null && !frame.isFull(); first = first(nowNs)) {
                first.take(frame);
            }
        }
        long progressMs = progressMs(nowNs);
        if (frame.count == 0 && sentAny && progressMs == sentProgressMs) {
            return false;
        }
        frame.progressMs = progressMs;
        sentProgressMs = progressMs;
        boolean isNews = frame.count > 0 || sentAny || progressMs != Long.MIN_VALUE;
        sentAny |= isNews;
        return isNews;
    }

    @SuppressWarnings("NullAway") // null says that no head may go
    private InputReader first(long nowNs) throws Exception {
        InputReader first = null;
        for (int i = 0; i < inputs.size(); i++) {
            InputReader candidate = inputs.get(i);
            if (candidate.advance()) {
                if (first == null || candidate.timestampMs < first.timestampMs) {
                    first = candidate;
                }
            } else if (candidate.hasUnread(nowNs)) {
                return null;
            }
        }
        return first;
    }

    /** The largest timestamp (ms) taken, or {@link Frame#ALL_READ} if nothing is unread. */
    private long progressMs(long nowNs) {
        long largest = Long.MIN_VALUE;
        boolean hasUnread = false;
        for (InputReader input : inputs) {
            largest = Math.max(largest, input.largestMs());
            hasUnread |= input.hasUnread(nowNs);
        }
        return hasUnread ? largest : Frame.ALL_READ;
    }

    long nextDeadlineNs() {
        long next = Long.MAX_VALUE;
        for (InputReader input : inputs) {
            next = Math.min(next, input.nextDeadlineNs());
        }
        return next;
    }
}
