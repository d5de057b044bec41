package io.millrace.streams.runtime;

import io.millrace.streams.plan.Plan;
import io.millrace.streams.topology.Node;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Says where a lane is that does not come back from user code. Asked by the I/O agent; reads only what lanes publish, and the
 * stacks of their threads.
 */
final class LaneWatch {

    private static final int STACK_CALLS_MAX = 40;

    private final List<LaneGauges> gauges;
    private final IntFunction<List<StackTraceElement>> stacks;

    /** @param stacks of the lanes' threads, innermost call first; empty where a lane has none of its own */
    LaneWatch(List<LaneGauges> gauges, IntFunction<List<StackTraceElement>> stacks) {
        this.gauges = List.copyOf(gauges);
        this.stacks = stacks;
    }

    /** The end of a job whose lanes do not all let go, for people. */
    JobFault stuck(BitSet released, @Nullable Plan plan, @Nullable JobFault before) {
        StringBuilder where = new StringBuilder();
        for (int lane = released.nextClearBit(0); lane < gauges.size(); lane = released.nextClearBit(lane + 1)) {
            where.append(where.isEmpty() ? "" : "\n").append(whereabouts(lane, plan));
        }
        return new JobFault(
                true,
                (before == null ? "" : before.getMessage() + ". ")
                        + "User code has not come back, so the job cannot go on in this process; its state stays locked until"
                        + " the process ends. The last commit stands. It is in " + where,
                before);
    }

    /** One paragraph for people: the lane, the operators among which it is, and its stack. */
    private String whereabouts(int lane, @Nullable Plan plan) {
        StringBuilder text = new StringBuilder("lane ").append(lane);
        int fragment = gauges.get(lane).fragment();
        if (fragment >= 0 && plan != null) {
            text.append(" among the operators ")
                    .append(plan.fragments().get(fragment).nodes().stream()
                            .map(Node::id)
                            .toList());
        }
        List<StackTraceElement> stack = stacks.apply(lane);
        stack.stream().limit(STACK_CALLS_MAX).forEach(call -> text.append("\n    at ")
                .append(call));
        return text.toString();
    }
}
