package io.millrace.streams.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inputs that are put into one order: those of one task, or, where several inputs meet behind exchanges, those of all tasks
 * upstream ({@link FeedGroups}). Owned by the I/O agent.
 *
 * <p>The head with the smallest timestamp goes first, the lower partition on a tie. A head goes only when every other input
 * has one too or has nothing unread, so that a slow input is not overtaken by a fast one. Several tasks get a frame each, of
 * the same stretch of time; a barrier comes between such stretches only.
 */
final class TaskFeed {

    /** What a step found. */
    enum Sent {
        FRAME,
        NOTHING,
        /** There is something, but the lane it is for has no room. */
        NO_ROOM
    }

    /** One task among those that are ordered together. */
    private static final class Member {
        final int fragment;
        final int shard;
        final List<InputReader> inputs = new ArrayList<>();
        long sentProgressMs = Long.MIN_VALUE;

        /** The frame being filled. */
        @Nullable
        Frame open;

        Member(int fragment, int shard) {
            this.fragment = fragment;
            this.shard = shard;
        }

        void stamp(Frame frame, long nowNs, long reachedMs) {
            frame.progressMs = progressMs(nowNs, reachedMs);
            sentProgressMs = frame.progressMs;
        }

        boolean owns(InputReader reader) {
            return reader.input.fragment() == fragment && reader.input.shard() == shard;
        }

        /**
         * How far (ms) all has been taken, or {@link Frame#ALL_READ} if nothing is unread.
         *
         * @param reachedMs how far everything has been that is ordered together
         */
        long progressMs(long nowNs, long reachedMs) {
            for (InputReader input : inputs) {
                if (input.hasUnread(nowNs)) {
                    return Math.max(largestTaken(), reachedMs);
                }
            }
            return Frame.ALL_READ;
        }

        private long largestTaken() {
            long largest = Long.MIN_VALUE;
            for (InputReader input : inputs) {
                largest = Math.max(largest, input.largestMs());
            }
            return largest;
        }
    }

    final List<InputReader> inputs;
    private final List<Member> members = new ArrayList<>();
    private int nextMember;

    /** The largest timestamp (ms) taken: up to here, every input had been read when it was taken. */
    private long reachedMs = Long.MIN_VALUE;

    /** @param inputs in order of partition, then of fragment and node */
    TaskFeed(List<InputReader> inputs) {
        this.inputs = List.copyOf(inputs);
        for (InputReader input : inputs) {
            Member member = find(input);
            if (member == null) {
                member = new Member(input.input.fragment(), input.input.shard());
                members.add(member);
            }
            member.inputs.add(input);
        }
    }

    private @Nullable Member find(InputReader reader) {
        for (Member member : members) {
            if (member.owns(reader)) {
                return member;
            }
        }
        return null;
    }

    /** Sends frames of what can be taken now, in order, or an empty one with news of progress. */
    Sent send(List<LanePort> ports, long nowNs, ProgressNews news) throws Exception {
        InputReader first = first(nowNs);
        return first == null ? sendProgress(ports, nowNs, news) : sendRecords(first, ports, nowNs, news);
    }

    private Sent sendRecords(InputReader first, List<LanePort> ports, long nowNs, ProgressNews beforeRecords)
            throws Exception {
        for (int i = 0; i < members.size(); i++) {
            if (!port(members.get(i), ports).hasRoom()) {
                return Sent.NO_ROOM;
            }
        }
        // Before the head is taken: once a frame has taken everything, nobody could tell that it is still on its way.
        beforeRecords.sendUnread(nowNs);
        if (inputs.size() == 1) {
            Frame frame = open(members.get(0), ports);
            do {
                take(first, frame);
            } while (!frame.isFull() && first.advance());
        } else {
            InputReader next = first;
            Frame frame;
            do {
                Member member = memberOf(next);
                if (member.sentProgressMs == Frame.ALL_READ) {
                    beforeRecords.sendUnread(nowNs); // its head has come since the look above
                }
                frame = open(member, ports);
                take(next, frame);
                next = frame.isFull() ? null : first(nowNs);
            } while (next != null);
        }
        beforeRecords.sendUnread(nowNs);
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.open != null || hasNewProgress(member, nowNs)) {
                member.stamp(open(member, ports), nowNs, reachedMs);
                member.open = null;
            }
        }
        for (int i = 0; i < members.size(); i++) {
            port(members.get(i), ports).sendFrames();
        }
        return Sent.FRAME;
    }

    /** That a task has read everything is taken back by {@link #sendUnread} alone, which tells every lane. */
    private boolean hasNewProgress(Member member, long nowNs) {
        return member.sentProgressMs != Frame.ALL_READ && member.progressMs(nowNs, reachedMs) != member.sentProgressMs;
    }

    private static LanePort port(Member member, List<LanePort> ports) {
        return ports.get(member.shard % ports.size());
    }

    private static Frame open(Member member, List<LanePort> ports) {
        Frame frame = member.open;
        if (frame == null) {
            frame = port(member, ports).openFrame();
            frame.begin(member.fragment, member.shard);
            member.open = frame;
        }
        return frame;
    }

    private void take(InputReader reader, Frame frame) {
        reachedMs = Math.max(reachedMs, reader.timestampMs);
        reader.take(frame);
    }

    private Member memberOf(InputReader reader) {
        Member member = find(reader);
        if (member == null) {
            throw new IllegalStateException("no task reads " + reader.input.label());
        }
        return member;
    }

    private Sent sendProgress(List<LanePort> ports, long nowNs, ProgressNews beforeRecords) {
        boolean hadRoom = true;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(nextMember);
            nextMember = nextMember + 1 == members.size() ? 0 : nextMember + 1;
            if (member.progressMs(nowNs, reachedMs) != member.sentProgressMs) {
                LanePort port = port(member, ports);
                if (port.hasRoom()) {
                    Frame frame = open(member, ports);
                    beforeRecords.sendUnread(nowNs);
                    member.stamp(frame, nowNs, reachedMs);
                    member.open = null;
                    port.sendFrames();
                    return Sent.FRAME;
                }
                hadRoom = false;
            }
        }
        return hadRoom ? Sent.NOTHING : Sent.NO_ROOM;
    }

    /** The input whose head may go, null if none may. */
    private @Nullable InputReader first(long nowNs) throws Exception {
        InputReader first = firstOfHeads(nowNs);
        // An input that was looked at early may have got something before the head of another one was written.
        while (first != null && hasNewInput(nowNs)) {
            first = firstOfHeads(nowNs);
        }
        return first;
    }

    private boolean hasNewInput(long nowNs) {
        for (int i = 0; i < inputs.size(); i++) {
            InputReader input = inputs.get(i);
            if (!input.hasHead() && input.hasUnread(nowNs)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable InputReader firstOfHeads(long nowNs) throws Exception {
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

    /** Tells every lane of members that had read everything and have not any more. */
    void sendUnread(List<LanePort> ports, long nowNs, ProgressNews news) {
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.sentProgressMs == Frame.ALL_READ) {
                long progressMs = member.progressMs(nowNs, reachedMs);
                if (progressMs != Frame.ALL_READ) {
                    member.sentProgressMs = progressMs;
                    long version = news.nextVersion();
                    for (LanePort port : ports) {
                        port.send(new LaneItem.Unread(member.fragment, member.shard, progressMs, version));
                    }
                }
            }
        }
    }

    long nextDeadlineNs() {
        long next = Long.MAX_VALUE;
        for (InputReader input : inputs) {
            next = Math.min(next, input.nextDeadlineNs());
        }
        return next;
    }
}
