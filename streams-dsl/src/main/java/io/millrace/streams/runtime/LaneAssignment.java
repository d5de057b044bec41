package io.millrace.streams.runtime;

import io.millrace.kernel.Pipeline;
import io.millrace.streams.ErrorPolicies;
import io.millrace.streams.JobOptions;
import io.millrace.streams.plan.Plan;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything a lane needs for one attempt. Made by the I/O agent, then the lane's.
 *
 * @param attempt number of the attempt
 * @param lane index of the lane
 * @param laneCount of the job; a shard belongs to lane {@code shard % laneCount}
 * @param inputs of all tasks of the job, so that each lane knows which tasks read
 * @param topics that are known at the start
 * @param changelog null for a job without state
 * @param stores of the shards
 * @param types makes this lane's codecs; on the lane
 * @param leftStores names of stores whose state is to be deleted
 * @param rings of each exchange (first index) from this lane to another (second index)
 * @param inbound rings from other lanes, deepest exchange first
 */
record LaneAssignment(
        long attempt,
        int lane,
        int laneCount,
        Plan plan,
        JobOptions options,
        ErrorPolicies policies,
        List<TaskInput> inputs,
        List<OutputTopic> topics,
        @Nullable OutputTopic changelog,
        ShardStores stores,
        StateTypes types,
        Set<String> leftStores,
        @Nullable Pipeline<ExchangeFrame>[][] rings,
        List<InboundRing> inbound) {

    boolean owns(int shard) {
        return shard % laneCount == lane;
    }
}
