package io.millrace.streams.runtime;

import io.millrace.streams.plan.Exchange;
import java.util.List;

/**
 * Takes the end of an epoch through one lane, fragment by fragment: a fragment ends it when its own input has and when the
 * barriers of every lane have come through the exchanges that feed it. Owned by the lane.
 */
final class LaneBarrier {

    private final LaneTasks tasks;
    private final List<Exchange> exchanges;
    private final List<InboundRing> inbound;
    private long epoch;
    private int nextFragment;
    private long endedEpoch;

    LaneBarrier(LaneTasks tasks, List<Exchange> exchanges, List<InboundRing> inbound) {
        this.tasks = tasks;
        this.exchanges = exchanges;
        this.inbound = inbound;
    }

    /**
     * Goes as far as it can.
     *
     * @return whether all fragments have ended the epoch, and what they sent to other lanes is on its way
     */
    boolean advance(long endingEpoch) throws Exception {
        if (epoch != endingEpoch) {
            epoch = endingEpoch;
            nextFragment = 0;
        }
        while (nextFragment < tasks.fragmentCount() && hasAllInputs(nextFragment)) {
            tasks.barrier(nextFragment);
            for (int exchange = 0; exchange < exchanges.size(); exchange++) {
                if (exchanges.get(exchange).fromFragment() == nextFragment) {
                    tasks.exchanges().sendBarrier(exchange, epoch);
                }
            }
            nextFragment++;
        }
        tasks.exchanges().flush();
        return nextFragment == tasks.fragmentCount() && tasks.exchanges().isClearFrom(0);
    }

    /** The lane's state is frozen: what comes from now on belongs to the next epoch. */
    void ended() {
        endedEpoch = epoch;
    }

    /**
     * Whether some fragments may have ended the epoch while the lane's state has not. What they let out now would travel behind
     * their barrier, but its cause would be committed before it; so nothing but the barrier may move them.
     */
    boolean isUnderWay() {
        return epoch > endedEpoch;
    }

    private boolean hasAllInputs(int fragment) {
        for (InboundRing ring : inbound) {
            if (exchanges.get(ring.exchange).toFragment() == fragment && ring.barrierEpoch < epoch) {
                return false;
            }
        }
        return true;
    }

    /** The last epoch that this lane has ended entirely; a ring whose barrier is newer must wait. */
    long endedEpoch() {
        return endedEpoch;
    }
}
