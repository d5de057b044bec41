package io.millrace.streams.plan;

import java.util.List;

/**
 * The lanes that run a plan, as far as a description shows them. The runtime knows them; a plan does not depend on them.
 *
 * @param laneCount threads; a shard belongs to lane shard % laneCount
 * @param frameRing frames in the ring of each lane
 * @param stages of that ring, in order
 * @param exchangeRing frames in the ring of each exchange between two lanes
 */
public record LaneLayout(int laneCount, int frameRing, List<String> stages, int exchangeRing) {

    public LaneLayout {
        stages = List.copyOf(stages);
        if (laneCount < 1) {
            throw new IllegalArgumentException("a job needs 1 lane or more, was " + laneCount);
        }
    }
}
