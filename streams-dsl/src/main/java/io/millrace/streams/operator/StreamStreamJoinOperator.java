package io.millrace.streams.operator;

import io.millrace.streams.DropReason;
import io.millrace.streams.JoinWindows;
import io.millrace.streams.ValueJoiner;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation.JoinKind;
import org.jspecify.annotations.Nullable;

/**
 * Joins two streams: a pair matches if left − before ≤ right ≤ left + after. Both inputs share one stream time.
 *
 * <p>A record, in this order: moves stream time; if it lacks a value, is dropped; if it lacks a key, is dropped or, on a side
 * that shows all of its records, handed on unmatched at once; if it is older than stream time − (before + after + grace), is
 * late. Else it is buffered, what is due without a partner leaves (if this record is the newest), and then it is matched
 * with what the other side holds, by time and arrival. A side holds its records for before + after + grace behind its own
 * newest one.
 *
 * <p>Unmatched records are due when stream time &gt; their time + after (a left one) or before (a right one) + grace, and leave
 * by time; at equal times right before left, then by arrival.
 */
final class StreamStreamJoinOperator implements StatefulOperator {

    private final Node node;
    private final TaskContext task;
    private final ValueJoiner<Object, Object, Object> joiner;
    private final StreamTime time;
    private final JoinSide left;
    private final JoinSide right;
    private final long beforeMs;
    private final long afterMs;
    private final long retentionMs;
    private final Receiver next;

    /** Stream time as the last record left it; if it is further now, an exchange's limit rose. */
    private long seenMs = StreamTime.UNKNOWN;

    StreamStreamJoinOperator(
            Node node,
            TaskContext task,
            ValueJoiner<Object, Object, Object> joiner,
            JoinKind kind,
            JoinWindows windows,
            Receiver next) {
        this.node = node;
        this.task = task;
        this.joiner = joiner;
        this.beforeMs = windows.beforeMs();
        this.afterMs = windows.afterMs();
        this.retentionMs = beforeMs + afterMs + windows.graceMs();
        this.time = task.streamTime(node.id());
        this.left = new JoinSide(node, task, "left", kind != JoinKind.INNER, afterMs, retentionMs, windows.graceMs());
        this.right =
                new JoinSide(node, task, "right", kind == JoinKind.OUTER, beforeMs, retentionMs, windows.graceMs());
        this.next = next;
    }

    void leftArrived(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        if (!isMatchable(left, key, value, timestampMs, context) || key == null || value == null) {
            return;
        }
        left.add(key, timestampMs, value);
        emitDueIfNewest(timestampMs, context);
        JoinMatches matches = right.find(key, timestampMs - beforeMs, timestampMs + afterMs);
        for (int i = 0; i < matches.size(); i++) {
            long otherMs = matches.timeMs(i);
            right.matched(key, otherMs);
            emit(key, value, matches.value(i), Math.max(timestampMs, otherMs), context);
        }
        if (matches.size() == 0 && left.keepsUnmatched()) {
            if (left.isDue(timestampMs)) {
                emit(key, value, null, timestampMs, context);
            } else {
                left.addUnmatched(key, timestampMs, value);
            }
        }
    }

    void rightArrived(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        if (!isMatchable(right, key, value, timestampMs, context) || key == null || value == null) {
            return;
        }
        right.add(key, timestampMs, value);
        emitDueIfNewest(timestampMs, context);
        JoinMatches matches = left.find(key, timestampMs - afterMs, timestampMs + beforeMs);
        for (int i = 0; i < matches.size(); i++) {
            long otherMs = matches.timeMs(i);
            left.matched(key, otherMs);
            emit(key, matches.value(i), value, Math.max(timestampMs, otherMs), context);
        }
        if (matches.size() == 0 && right.keepsUnmatched()) {
            if (right.isDue(timestampMs)) {
                emit(key, null, value, timestampMs, context);
            } else {
                right.addUnmatched(key, timestampMs, value);
            }
        }
    }

    private boolean isMatchable(
            JoinSide side, @Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        long nowMs = time.observe(timestampMs);
        seenMs = nowMs;
        if (value == null) {
            task.drop(node, DropReason.NULL_VALUE, key, value, timestampMs, context);
            return false;
        }
        if (key == null) {
            if (!side.keepsUnmatched()) {
                task.drop(node, DropReason.NULL_KEY, key, value, timestampMs, context);
            } else if (side == left) {
                emit(null, value, null, timestampMs, context);
            } else {
                emit(null, null, value, timestampMs, context);
            }
            return false;
        }
        if (nowMs != StreamTime.UNKNOWN && timestampMs < nowMs - retentionMs) {
            task.drop(node, DropReason.LATE, key, value, timestampMs, context);
            return false;
        }
        return true;
    }

    private void emitDueIfNewest(long timestampMs, RecordContext context) throws Exception {
        if (timestampMs >= time.nowMs()) {
            emitDue(context);
            left.expire();
            right.expire();
        }
    }

    private void emitDue(RecordContext context) throws Exception {
        while (true) {
            long leftMs = left.firstUnmatchedMs();
            long rightMs = right.firstUnmatchedMs();
            boolean leftDue = leftMs != Long.MAX_VALUE && left.isDue(leftMs);
            boolean rightDue = rightMs != Long.MAX_VALUE && right.isDue(rightMs);
            if (rightDue && (!leftDue || rightMs <= leftMs)) {
                JoinMatches alone = right.takeUnmatched(rightMs);
                for (int i = 0; i < alone.size(); i++) {
                    emit(alone.key(i), null, alone.value(i), rightMs, context);
                }
            } else if (leftDue) {
                JoinMatches alone = left.takeUnmatched(leftMs);
                for (int i = 0; i < alone.size(); i++) {
                    emit(alone.key(i), alone.value(i), null, leftMs, context);
                }
            } else {
                return;
            }
        }
    }

    private void emit(
            @Nullable Object key,
            @Nullable Object leftValue,
            @Nullable Object rightValue,
            long timestampMs,
            RecordContext context)
            throws Exception {
        Object joined;
        try {
            joined = joiner.join(Erased.nullable(leftValue), Erased.nullable(rightValue));
        } catch (Exception e) {
            task.failed(node, e, key, leftValue == null ? rightValue : leftValue, timestampMs, context);
            return;
        }
        next.accept(key, joined, timestampMs, context);
    }

    @Override
    public String id() {
        return node.id();
    }

    @Override
    public void advance(RecordContext context) throws Exception {
        if (time.nowMs() > seenMs) {
            seenMs = time.nowMs();
            emitDue(context);
            left.expire();
            right.expire();
        }
    }
}
