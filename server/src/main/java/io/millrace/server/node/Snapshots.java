package io.millrace.server.node;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The meters of one scrape, gathered value by value. Names are as Prometheus shows them, counters without {@code _total}. For
 * one thread, once.
 */
final class Snapshots {

    private record Meter(String help, List<CounterDataPointSnapshot> counts, List<GaugeDataPointSnapshot> values) {}

    private final Map<String, Meter> meters = new LinkedHashMap<>();
    private final Map<String, String> helpOfDurations = new LinkedHashMap<>();
    private final Map<String, List<HistogramDataPointSnapshot>> durations = new LinkedHashMap<>();

    /** @param labels name, value, name, value */
    void counter(String name, String help, double value, String... labels) {
        meter(name, help).counts().add(new CounterDataPointSnapshot(value, Labels.of(labels), null, 0));
    }

    /** The same of whole things. */
    void counter(String name, String help, long value, String... labels) {
        counter(name, help, (double) value, labels);
    }

    /** @param labels name, value, name, value */
    void gauge(String name, String help, double value, String... labels) {
        meter(name, help).values().add(new GaugeDataPointSnapshot(value, Labels.of(labels), null));
    }

    /** The same of whole things. */
    void gauge(String name, String help, long value, String... labels) {
        gauge(name, help, (double) value, labels);
    }

    /**
     * @param boundsSeconds of the ranges, the last one infinite
     * @param counts in each range
     * @param labels name, value, name, value
     */
    void durations(
            String name, String help, double[] boundsSeconds, long[] counts, double sumSeconds, String... labels) {
        helpOfDurations.put(name, help);
        durations
                .computeIfAbsent(name, ignored -> new ArrayList<>())
                .add(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(boundsSeconds, counts))
                        .sum(sumSeconds)
                        .labels(Labels.of(labels))
                        .build());
    }

    private Meter meter(String name, String help) {
        return meters.computeIfAbsent(name, ignored -> new Meter(help, new ArrayList<>(), new ArrayList<>()));
    }

    MetricSnapshots all() {
        List<MetricSnapshot> all = new ArrayList<>();
        meters.forEach((name, meter) -> {
            MetricMetadata about = new MetricMetadata(name, meter.help());
            all.add(
                    meter.counts().isEmpty()
                            ? new GaugeSnapshot(about, meter.values())
                            : new CounterSnapshot(about, meter.counts()));
        });
        durations.forEach((name, points) ->
                all.add(new HistogramSnapshot(new MetricMetadata(name, helpOfDurations.get(name)), points)));
        return new MetricSnapshots(all);
    }
}
