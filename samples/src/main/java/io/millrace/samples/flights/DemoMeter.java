package io.millrace.samples.flights;

import io.millrace.streams.JobMetrics;
import java.time.Duration;

/** Turns the job's counters into rates. One thread. */
final class DemoMeter {

    private static final double NANOS_PER_SECOND = 1e9;

    private final long startNs;
    private long lastNs;
    private long lastRecords;

    DemoMeter(long nowNs) {
        startNs = nowNs;
        lastNs = nowNs;
    }

    /**
     * What has changed since the last showing.
     *
     * @param counted share of the loaded flights that is counted for good, 0 to 1
     */
    DemoProgress progress(JobMetrics metrics, double counted, long nowNs) {
        var seconds = (nowNs - lastNs) / NANOS_PER_SECOND;
        var perSecond = seconds <= 0 ? 0 : (metrics.recordsIn() - lastRecords) / seconds;
        lastNs = nowNs;
        lastRecords = metrics.recordsIn();
        var loaded = loadedShare(metrics);
        // Each flight is met twice: when it is loaded, and when it is read from its topic and counted.
        return progress(metrics, (loaded + loaded * counted) / 2, Math.max(0, Math.round(perSecond)), nowNs);
    }

    /** All of it, with the rate of the whole run. */
    DemoProgress end(JobMetrics metrics, long nowNs) {
        return progress(metrics, 1, Math.round(metrics.recordsIn() * NANOS_PER_SECOND / (nowNs - startNs)), nowNs);
    }

    private DemoProgress progress(JobMetrics metrics, double share, long perSecond, long nowNs) {
        return new DemoProgress(
                share,
                metrics.recordsIn(),
                perSecond,
                metrics.eventTimeMs(),
                metrics.commits(),
                metrics.lagRecords(),
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
