package io.millrace.log;

import io.millrace.client.ErrorCode;
import java.util.List;

/** What became of a batch. An appended batch is not durable, and not acknowledged, before its sync is applied. */
public sealed interface AppendOutcome {

    /**
     * It is the next batch of the log. It counts once {@link PartitionLog#write} has written it.
     *
     * @param logAppendTimeMs the time stamped by the log; -1 if the producer's timestamps were kept
     */
    record Appended(long baseOffset, long lastOffset, long logAppendTimeMs) implements AppendOutcome {}

    /**
     * The producer sent this batch before and it was appended then, with these offsets; nothing was appended now. The
     * original may not be synced yet: acknowledge as for a batch that ends at {@code lastOffset}.
     *
     * @param timestampMs of the original batch
     */
    record Duplicate(long baseOffset, long lastOffset, long timestampMs) implements AppendOutcome {}

    /**
     * It was refused and nothing has changed.
     *
     * @param message one sentence for people
     * @param faults the records that are wrong by themselves; empty if it is the batch that is
     */
    record Rejected(ErrorCode error, String message, List<RecordFault> faults) implements AppendOutcome {
        public Rejected {
            faults = List.copyOf(faults);
        }

        public Rejected(ErrorCode error, String message) {
            this(error, message, List.of());
        }
    }
}
