package io.millrace.log;

import io.millrace.record.RecordBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where batches may lie in a log that is recovered. Offset and leader epoch are outside of a batch's checksum (S1), so what is
 * known without them speaks: the recovery point, where segments begin, and the epoch file.
 *
 * @param recoveryPoint everything below was synced
 * @param found what the epoch file has; empty if it says nothing
 */
record BatchPlaces(LogConfig config, long recoveryPoint, EpochHistory found) {

    /**
     * No batch that begins below the recovery point reaches this offset: the next segment begins there, or the recovery point
     * lies there. An offset that rot has enlarged must not pass for one above the recovery point, which would be cut.
     */
    long boundOf(List<Segment> segments, int index) {
        for (int i = index + 1; i < segments.size(); i++) {
            if (segments.get(i).size() > 0) { // a crash may leave an empty file anywhere
                return segments.get(i).baseOffset();
            }
        }
        return recoveryPoint;
    }

    /**
     * What is wrong with the place of a batch, null if nothing.
     *
     * @param expected the offset after the batch before
     * @param bound of its segment
     * @param epochBefore leader epoch of the batch before
     */
    @Nullable
    String misplaced(RecordBatch batch, long expected, long bound, int epochBefore) {
        boolean reachesRecoveryPoint = recoveryPoint > 0 && batch.baseOffset() >= recoveryPoint;
        boolean gap = batch.baseOffset() > expected && reachesRecoveryPoint && !config.compacts();
        if (batch.baseOffset() < expected || gap) {
            return "its offset is " + batch.baseOffset() + ", expected " + expected;
        }
        boolean wasSynced = expected < recoveryPoint;
        if (wasSynced && batch.lastOffset() >= bound) {
            return "its last offset is " + batch.lastOffset() + ", expected one below " + bound;
        }
        String wrongEpoch = wasSynced ? found.contradiction(batch) : null;
        if (wrongEpoch != null) {
            return wrongEpoch;
        }
        int epoch = batch.partitionLeaderEpoch();
        return epoch >= 0 && epoch < epochBefore ? "its leader epoch is " + epoch + " after " + epochBefore : null;
    }
}
