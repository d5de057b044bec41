package io.millrace.log;

import io.millrace.log.BatchCleaner.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a log needs compaction, and of what. Pure.
 *
 * @param clean sealed segments that were compacted before, and are looked at again
 * @param dirty sealed segments that were not
 * @param firstDirty the offset at which the dirty part begins; it may lie within the first dirty segment
 * @param aborted all aborted transactions that may have records in these segments; their markers may lie behind them
 */
record CompactionPlan(List<Segment> clean, List<Segment> dirty, long firstDirty, List<AbortedTransaction> aborted) {

    /**
     * What should be compacted now; empty if nothing should.
     *
     * @param segments all of them, the active one last
     * @param lastStableOffset nothing above is touched, because it may still be aborted
     */
    static Optional<CompactionPlan> of(
            List<Segment> segments, long cleanedEnd, long lastStableOffset, LogConfig config, long nowMs) {
        List<Segment> clean = new ArrayList<>();
        List<Segment> dirty = new ArrayList<>();
        long cleanBytes = 0;
        long dirtyBytes = 0;
        long oldestDirtyMs = Long.MAX_VALUE;
        for (Segment segment : segments.subList(0, segments.size() - 1)) {
            boolean young =
                    config.minCompactionLagMs() > 0 && segment.newestTimestamp() > nowMs - config.minCompactionLagMs();
            if (segment.nextOffset() > lastStableOffset || young) {
                break;
            }
            if (segment.nextOffset() <= cleanedEnd && dirty.isEmpty()) {
                clean.add(segment);
                cleanBytes += segment.size();
            } else {
                dirty.add(segment);
                dirtyBytes += segment.size();
                if (config.maxCompactionLagMs() < Long.MAX_VALUE) {
                    oldestDirtyMs = Math.min(oldestDirtyMs, segment.firstTimestamp());
                }
            }
        }
        if (dirtyBytes == 0) {
            return Optional.empty();
        }
        boolean overdue = oldestDirtyMs >= 0
                && oldestDirtyMs < Long.MAX_VALUE
                && nowMs - oldestDirtyMs > config.maxCompactionLagMs();
        boolean enough = dirtyBytes > config.minCleanableDirtyRatio() * (cleanBytes + dirtyBytes);
        return overdue || enough
                ? Optional.of(new CompactionPlan(
                        clean, dirty, Math.max(cleanedEnd, dirty.get(0).baseOffset()), abortedIn(segments)))
                : Optional.empty();
    }

    /** How many offsets the dirty part has: it cannot have more keys. */
    long dirtyOffsets() {
        return dirty.get(dirty.size() - 1).nextOffset() - firstDirty;
    }

    /** Neighbouring segments up to {@code end} that fit into one after compaction, in order. */
    List<List<Segment>> groups(long end, LogConfig config) {
        List<Segment> all = new ArrayList<>(clean);
        dirty.stream().filter(segment -> segment.baseOffset() < end).forEach(all::add);
        List<List<Segment>> groups = new ArrayList<>();
        List<Segment> group = new ArrayList<>();
        for (Segment segment : all) {
            if (!group.isEmpty() && !fits(group, segment, config)) {
                groups.add(group);
                group = new ArrayList<>();
            }
            group.add(segment);
        }
        groups.add(group);
        return groups;
    }

    private static boolean fits(List<Segment> group, Segment next, LogConfig config) {
        long bytes = next.size();
        long offsetIndexBytes = next.offsetIndex().entries().sizeInBytes();
        long timeIndexBytes = next.timeIndex().entries().sizeInBytes();
        for (Segment segment : group) {
            bytes += segment.size();
            offsetIndexBytes += segment.offsetIndex().entries().sizeInBytes();
            timeIndexBytes += segment.timeIndex().entries().sizeInBytes();
        }
        return bytes <= config.segmentBytes()
                && offsetIndexBytes <= config.segmentIndexBytes()
                && timeIndexBytes <= config.segmentIndexBytes()
                && next.nextOffset() - group.get(0).baseOffset() <= Integer.MAX_VALUE;
    }

    Rules rules(
            long mappedEnd, long tombstoneFloor, LogConfig config, Map<Long, ProducerState> liveProducers, long nowMs) {
        long roundEnd = dirty.get(dirty.size() - 1).nextOffset();
        for (Segment segment : dirty) {
            if (segment.nextOffset() >= mappedEnd) {
                roundEnd = segment.nextOffset();
                break;
            }
        }
        return new Rules(mappedEnd, roundEnd, tombstoneFloor, nowMs, config.deleteRetentionMs(), liveProducers);
    }

    private static List<AbortedTransaction> abortedIn(List<Segment> segments) {
        List<AbortedTransaction> found = new ArrayList<>();
        segments.forEach(segment -> found.addAll(segment.abortedIndex().all()));
        return found;
    }
}
