package io.millrace.streams;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job at one moment.
 *
 * @param state where it stands
 * @param failure why the last attempt failed, null if none did
 * @param attempts begun so far
 * @param commits epochs committed by the current attempt
 * @param recordsIn input records run by the current attempt
 * @param recordsOut records written by the current attempt, changelog not counted
 * @param lagRecords records that stand in the inputs and have not been taken; foreign sources not counted
 * @param eventTimeMs the largest timestamp read, {@link Long#MIN_VALUE} before the first record
 * @param progress of foreign sources, 0 to 1 by {@code source/split}; negative where unknown
 * @param heldBytes estimated bytes of state that is dirty or not yet written below, and of records in exchanges
 * @param lanes what each lane has to do
 * @param drops records left out, by operator and reason, failed epochs included
 */
public record JobMetrics(
        JobState state,
        @Nullable String failure,
        long attempts,
        long commits,
        long recordsIn,
        long recordsOut,
        long lagRecords,
        long eventTimeMs,
        Map<String, Double> progress,
        long heldBytes,
        List<LaneMetrics> lanes,
        Map<String, Map<DropReason, Long>> drops) {

    /**
     * The pipeline of a lane at one moment.
     *
     * @param queued frames between their decoding and the end of their processing
     * @param queuedMax beyond which inputs pause
     */
    public record LaneMetrics(int lane, int queued, int queuedMax) {}

    public JobMetrics {
        progress = Map.copyOf(progress);
        lanes = List.copyOf(lanes);
        drops = Map.copyOf(drops);
    }
}
