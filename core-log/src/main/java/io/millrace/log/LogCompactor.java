package io.millrace.log;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far compaction is in one log, and the round that is under way. Owned by the log's thread. */
final class LogCompactor {
    private final LogStorage storage;
    private final String directory;
    private final SegmentList segments;
    private final ProducerStates producers;
    private long cleanedEnd;
    private @Nullable Compaction round;

    LogCompactor(LogStorage storage, String directory, LoadedLog loaded) {
        this.storage = storage;
        this.directory = directory;
        this.segments = loaded.segments();
        this.producers = loaded.producers();
        this.cleanedEnd = loaded.logStartOffset();
    }

    long cleanedEnd() {
        return cleanedEnd;
    }

    void resumeAt(long offset) {
        cleanedEnd = Math.min(offset, segments.active().nextOffset());
    }

    Optional<Compaction> begin(long lastStableOffset, LogConfig config, long tombstoneFloor, int mapBytes, long nowMs) {
        if (!config.compacts() || round != null) {
            return Optional.empty();
        }
        Optional<Compaction> begun = CompactionPlan.of(segments.all(), cleanedEnd, lastStableOffset, config, nowMs)
                .map(plan -> new Compaction(
                        storage, directory, plan, config, liveProducers(), tombstoneFloor, mapBytes, nowMs));
        round = begun.orElse(null);
        return begun;
    }

    private Map<Long, ProducerState> liveProducers() {
        Map<Long, ProducerState> live = new HashMap<>();
        producers.all().forEach(state -> live.put(state.producerId(), state));
        return live;
    }

    boolean isCurrent(Compaction candidate) {
        return candidate == round;
    }

    void end() {
        Compaction ended = round;
        round = null;
        if (ended != null && ended.isDone()) {
            cleanedEnd = Math.max(cleanedEnd, ended.cleanedEnd());
        } else if (ended != null) {
            ended.discard();
        }
    }
}
