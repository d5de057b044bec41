package io.millrace.conformance.log;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The log of one partition, open on a directory; whose code it is does not show. */
interface OpenLog extends AutoCloseable {

    /** Appends one batch without compression. */
    void append(
            long producerId,
            int epoch,
            int sequence,
            boolean transactional,
            int leaderEpoch,
            long timestampMs,
            List<String> values);

    /** Appends the marker that ends a transaction; {@code epoch} is the one after the transaction's. */
    void end(long producerId, int epoch, boolean commit, int leaderEpoch, long timestampMs);

    /** What is there. */
    Content content();

    /** The offset of the first record at or after this time, -1 if there is none. */
    long offsetAt(long timestampMs);

    /** A clean shutdown. */
    @Override
    void close();

    /**
     * Everything about a log that its readers and writers can tell.
     *
     * @param committed {@code offset=value} of each record that a read-committed reader sees
     * @param epochs {@code epoch from offset}
     * @param producers {@code epoch, last sequence, offset at which its open transaction begins or -1} by producer id
     * @param aborted {@code producer from offset} of each transaction that was aborted
     */
    record Content(
            UUID topicId,
            long lastStableOffset,
            long logEndOffset,
            List<String> committed,
            List<String> epochs,
            Map<Long, String> producers,
            List<String> aborted) {}
}
