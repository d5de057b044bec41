package io.millrace.samples.flights;

import io.millrace.client.CommittedOffset;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.streams.Millrace;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How much of what stands in the topic {@code flights} is counted for good: the job's committed positions over the ends of the
 * partitions. One thread; nothing waits, so the answer may be a moment old.
 */
final class CountedShare implements AutoCloseable {

    private static final int FETCH_BYTES = 1024;

    private final LogClient client;
    private final Subscription subscription;
    private final List<TopicPartition> partitions;
    private @Nullable Pending<Map<TopicPartition, CommittedOffset>> asked;
    private double share;

    CountedShare(Millrace millrace, int partitionCount) {
        client = millrace.client();
        subscription = client.openSubscription(IsolationLevel.READ_COMMITTED, FETCH_BYTES);
        partitions = IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(FlightDelays.FLIGHTS.name(), partition))
                .toList();
    }

    /** 0 to 1. */
    double look() {
        if (asked != null && asked.isDone()) {
            if (!asked.isFailed()) {
                share = share(asked.value());
            }
            asked = null;
        }
        if (asked == null) {
            asked = client.committedOffsets(FlightDelays.JOB);
        }
        return share;
    }

    private double share(Map<TopicPartition, CommittedOffset> committed) {
        var counted = 0L;
        var all = 0L;
        for (TopicPartition partition : partitions) {
            var position = committed.get(partition);
            if (position != null) {
                subscription.seek(partition, position.offset());
                counted += position.offset();
                all += subscription.ends(partition).logEndOffset();
            }
        }
        return all == 0 ? 0 : (double) counted / all;
    }

    @Override
    public void close() {
        subscription.close();
        client.close();
    }
}
