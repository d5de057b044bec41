package io.millrace.node;

import io.millrace.client.TopicPartition;
import io.millrace.log.PartitionLog;
import io.millrace.log.SegmentScrub;
import java.util.Optional;

/** The log agent's side of scrubbing: which segment is next, and what becomes of a partition with a rotten one. */
final class Scrubs {

    /** A segment on its way through the scrub agent. */
    record Target(Partition partition, SegmentScrub scrub) {}

    private Scrubs() {}

    /** The first sealed segment at or behind a place, in the order of partitions; empty at the end of a pass. */
    static Optional<Target> next(LogOwner log, TopicPartition from, long offset) {
        for (Partition partition : log.partitions().from(from)) {
            PartitionLog opened = partition.log();
            if (opened != null && opened.refusal().isEmpty()) {
                Optional<SegmentScrub> found =
                        opened.scrubber().next(partition.id().equals(from) ? offset : 0);
                if (found.isPresent()) {
                    return Optional.of(new Target(partition, found.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** Nothing is cut and nothing is appended any more; what can be read stays readable (S3). */
    static void quarantine(LogOwner log, Target target) {
        PartitionLog opened = target.partition().log();
        if (opened != null
                && !target.partition().handle().isDeleted()
                && log.failure().isEmpty()
                && opened.scrubber().quarantine(target.scrub())) {
            target.partition().fail(String.valueOf(target.scrub().defect()));
        }
    }
}
