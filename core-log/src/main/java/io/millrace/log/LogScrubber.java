package io.millrace.log;

import io.millrace.client.TopicPartition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which segments of a log are to be read again (S10), and whether the log is in quarantine (S3). Owned by the log's thread. */
public final class LogScrubber {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogScrubber.class);

    private final TopicPartition partition;
    private final SegmentList segments;
    private final EpochKeeper epochs;
    private @Nullable String quarantine;

    /** @param quarantine what the start has found; null if the log is sound */
    LogScrubber(TopicPartition partition, SegmentList segments, EpochKeeper epochs, @Nullable String quarantine) {
        this.partition = partition;
        this.segments = segments;
        this.epochs = epochs;
        this.quarantine = quarantine;
    }

    /** Why the log may be read but not written to, and what to do; empty if it is sound. */
    public Optional<String> quarantine() {
        return Optional.ofNullable(quarantine);
    }

    /** The first sealed segment that ends behind an offset; empty if there is none. */
    public Optional<SegmentScrub> next(long from) {
        List<Segment> all = segments.all();
        for (Segment segment : all.subList(0, all.size() - 1)) {
            if (segment.nextOffset() > from && segment.size() > 0) {
                return Optional.of(new SegmentScrub(segment, epochs.history()));
            }
        }
        return Optional.empty();
    }

    /**
     * Takes what was found in a segment: from now on the log takes nothing more and is never cut, in this life and in those to
     * come. What lies outside of the defect stays readable.
     *
     * @return false, with nothing changed, if nothing is wrong, or the segment is not a part of the log any more
     */
    public boolean quarantine(SegmentScrub found) {
        String defect = found.defect();
        if (defect == null || quarantine != null || !segments.all().contains(found.segment())) {
            return false;
        }
        quarantine = defect;
        LOGGER.error("{}: {}", partition, defect);
        found.segment().forgetSeal(); // the next start finds it by itself
        return true;
    }
}
