package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.log.AppendOutcome;
import io.millrace.log.RecordFault;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a producer elsewhere is told of a refused batch besides the error (KIP-467). Written by the log's thread before it answers,
 * read by whoever asked once the answer is there; nothing is in it if the batch was taken, or refused before it came to the log.
 */
public final class RefusedBatch {

    /** Where the log starts is not told. */
    public static final long UNTOLD = -1;

    /** Beside these Kafka does not look at the log. */
    private static final Set<ErrorCode> WITHOUT_START = EnumSet.of(
            ErrorCode.MESSAGE_TOO_LARGE,
            ErrorCode.RECORD_LIST_TOO_LARGE,
            ErrorCode.CORRUPT_MESSAGE,
            ErrorCode.KAFKA_STORAGE_ERROR,
            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);

    private long logStartOffset = UNTOLD;
    private List<RecordFault> faults = List.of();

    void tell(AppendOutcome.Rejected rejected, long startOffset) {
        logStartOffset = WITHOUT_START.contains(rejected.error()) ? UNTOLD : startOffset;
        faults = rejected.faults();
    }

    /** Says where the log starts, for who refuses a batch without asking the log. */
    public void logStartOffset(long startOffset) {
        logStartOffset = startOffset;
    }

    /** The first offset of the partition; {@link #UNTOLD} if the error does not tell it. */
    public long logStartOffset() {
        return logStartOffset;
    }

    /** The records that are wrong by themselves. */
    public List<RecordFault> faults() {
        return faults;
    }
}
