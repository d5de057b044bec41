package io.millrace.samples.flights;

import io.millrace.client.FetchResult.Fetched;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.streams.JobMetrics;
import io.millrace.streams.Millrace;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the job is in the topics that it has loaded. One thread; nothing waits, so an answer may be a moment old.
 *
 * <p>The bar follows the work and not the commits: what is taken of a topic is its committed records less the job's lag.
 */
final class FlightsRead implements AutoCloseable {

    private static final int FETCH_BYTES = 1024;

    /**
     * The loaded records at one moment.
     *
     * @param share of them that the job has taken, 0 to 1
     * @param waiting those it has not taken, committed or not
     * @param eventTimeMs about where the job is, ms since 1970; negative before the first flight
     */
    record Look(double share, long waiting, long eventTimeMs) {}

    private final LogClient client;
    private final Subscription subscription;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final TopicPartition sample = new TopicPartition(FlightDelays.FLIGHTS.name(), 0);
    private long takenLast;
    private long eventTimeMs = -1;

    FlightsRead(Millrace millrace) {
        client = millrace.client();
        subscription = client.openSubscription(IsolationLevel.READ_COMMITTED, FETCH_BYTES);
        for (var index = 0; index < FlightDelays.PARTITIONS; index++) {
            partitions.add(new TopicPartition(FlightDelays.AIRPORTS.name(), index));
            partitions.add(new TopicPartition(FlightDelays.FLIGHTS.name(), index));
        }
    }

    /** @param metrics taken just before */
    Look look(JobMetrics metrics) {
        var loaded = 0L;
        var committed = 0L;
        for (TopicPartition partition : partitions) {
            subscription.seek(partition, 0);
            var ends = subscription.ends(partition);
            loaded += ends.logEndOffset();
            committed += ends.lastStableOffset();
        }
        var taken = Math.max(0, committed - metrics.lagRecords());
        // A commit may have come between the lag and the ends: then this look promises too much, and the next one does
        // not.
        var known = Math.min(taken, takenLast);
        takenLast = taken;
        var share = loaded == 0 ? 0 : (double) known / loaded;
        lookAtTime(share);
        return new Look(share, loaded - known, eventTimeMs);
    }

    /** The job reads its partitions in step with event time, so the flight at the same share of one of them tells the time. */
    private void lookAtTime(double share) {
        var offset = (long) (share * subscription.ends(sample).logEndOffset()) - 1;
        if (offset < 0) {
            return;
        }
        subscription.seek(sample, offset);
        if (subscription.fetch(sample) instanceof Fetched fetched
                && !fetched.batches().isEmpty()) {
            eventTimeMs = Math.max(eventTimeMs, fetched.batches().get(0).maxTimestamp());
        }
    }

    @Override
    public void close() {
        subscription.close();
        client.close();
    }
}
