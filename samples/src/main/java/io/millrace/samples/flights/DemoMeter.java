package io.millrace.samples.flights;

import io.millrace.streams.JobMetrics;
import java.time.Duration;

/** Turns the job's counters into rates and into one share of the whole. One thread. */
final class DemoMeter {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Of a run's time: loading a flight costs about a third of all that is done with it. */
    private static final double LOADING_SHARE = 0.3;

    private final long startNs;
    private long lastNs;
    private long lastRecords;
    private double lastShare;

    DemoMeter(long nowNs) {
        startNs = nowNs;
        lastNs = nowNs;
    }

    /** What has changed since the last showing. The share never goes back. */
    DemoProgress progress(JobMetrics metrics, FlightsRead.Look read, long nowNs) {
        var seconds = (nowNs - lastNs) / NANOS_PER_SECOND;
        var perSecond = seconds <= 0 ? 0 : (metrics.recordsIn() - lastRecords) / seconds;
        lastNs = nowNs;
        lastRecords = metrics.recordsIn();
        // Each flight is met twice: when it is loaded, and when it is read from its topic and counted.
        var loaded = loadedShare(metrics);
        var share = loaded * (LOADING_SHARE + (1 - LOADING_SHARE) * read.share());
        lastShare = Math.max(lastShare, share);
        return new DemoProgress(
                lastShare,
                metrics.recordsIn(),
                Math.max(0, Math.round(perSecond)),
                read.eventTimeMs(),
                metrics.commits(),
                read.waiting(),
                Duration.ofNanos(nowNs - startNs));
    }

    /** All of it, with the rate of the whole run. */
    DemoProgress end(JobMetrics metrics, long nowNs) {
        return new DemoProgress(
                1,
                metrics.recordsIn(),
                Math.round(metrics.recordsIn() * NANOS_PER_SECOND / (nowNs - startNs)),
                metrics.eventTimeMs(),
                metrics.commits(),
                0,
                Duration.ofNanos(nowNs - startNs));
    }

    /** Of the slowest split. */
    private static double loadedShare(JobMetrics metrics) {
        var least = 1.0;
        for (double share : metrics.progress().values()) {
            least = Math.min(least, share);
        }
        return metrics.progress().isEmpty() ? 0 : Math.max(0, least);
    }
}
