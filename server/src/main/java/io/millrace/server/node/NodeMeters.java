package io.millrace.server.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.broker.RequestCounters;
import io.millrace.broker.RequestCounters.Counts;
import io.millrace.node.LogNode;
import io.millrace.node.NodeMetrics;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** A node's counters, bound to Prometheus. They are read when somebody asks; labels have bounded values alone. Any thread. */
final class NodeMeters implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** @param counters of listeners that are open, whose APIs are the values of a label */
    NodeMeters(LogNode log, NodeHealth health, RequestCounters counters) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        log(log);
        transactions(log);
        counters.counts().keySet().forEach(api -> requests(counters, api));
        gauge(
                "millrace.ready",
                "1 if the node can serve",
                () -> health.notReadyBecause().isEmpty() ? 1 : 0);
        gauge("millrace.partitions.troubled", "Partitions whose retention or compaction fails", () -> log.troubles()
                .size());
        gauge(
                "millrace.disk.short",
                "1 if records are refused for want of disk",
                () -> log.shortage().isPresent() ? 1 : 0);
    }

    private void log(LogNode log) {
        counter(log, "millrace.log.batches", "Batches appended, those of coordinators included", NodeMetrics::batches);
        counter(log, "millrace.log.bytes", "Bytes of batches appended", NodeMetrics::bytes);
        counter(log, "millrace.log.writes", "Writes to segment files", NodeMetrics::writes);
        counter(log, "millrace.log.syncs", "Syncs of partitions", NodeMetrics::syncs);
        counter(log, "millrace.log.sync.rounds", "Waits for the disk", NodeMetrics::syncRounds);
    }

    private void transactions(LogNode log) {
        counter(log, "millrace.transactions.committed", "Transactions decided to commit", NodeMetrics::commits);
        counter(log, "millrace.transactions.aborted", "Transactions decided to abort", NodeMetrics::aborts);
    }

    private void requests(RequestCounters counters, String api) {
        request(counters, api, "millrace.requests", "Requests that were read", Counts::begun);
        request(counters, api, "millrace.request.bytes", "Bytes of requests", Counts::bytesIn);
        request(counters, api, "millrace.response.bytes", "Bytes of responses", Counts::bytesOut);
        FunctionTimer.builder(
                        "millrace.request.duration",
                        counters,
                        all -> all.counts(api).answered(),
                        all -> all.counts(api).answerMs(),
                        TimeUnit.MILLISECONDS)
                .description("From the reading of a request to its answer, waiting for data included")
                .tag("api", api)
                .register(registry);
    }

    private void request(RequestCounters counters, String api, String name, String text, ToLongFunction<Counts> value) {
        FunctionCounter.builder(name, counters, all -> value.applyAsLong(all.counts(api)))
                .description(text)
                .tag("api", api)
                .register(registry);
    }

    private void counter(LogNode log, String name, String text, ToLongFunction<NodeMetrics> value) {
        FunctionCounter.builder(name, log, node -> value.applyAsLong(node.metrics()))
                .description(text)
                .register(registry);
    }

    private void gauge(String name, String text, java.util.function.Supplier<Number> value) {
        Gauge.builder(name, value).description(text).register(registry);
    }

    /** In Prometheus's text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
