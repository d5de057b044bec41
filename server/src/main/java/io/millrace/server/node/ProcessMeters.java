package io.millrace.server.node;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.broker.net.Listener;
import io.millrace.node.LogNode;
import io.millrace.streams.Job;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * Everything that {@code /metrics} shows: the Java process by Micrometer's own meters, and Millrace, which is asked at each
 * scrape and pays nothing in between. Labels have bounded values alone. Belongs to the thread that scrapes.
 */
final class ProcessMeters implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final ProcessHealth health;
    private final LogMeters log;
    private final RequestMeters requests;
    private final JobMeters jobs;

    ProcessMeters(
            LogNode log,
            Supplier<? extends Collection<Listener>> listeners,
            Supplier<? extends Collection<Job>> jobs,
            ProcessHealth health) {
        this.health = health;
        this.log = new LogMeters(log);
        this.requests = new RequestMeters(listeners);
        this.jobs = new JobMeters(jobs);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        registry.getPrometheusRegistry().register(() -> collect().all());
    }

    private Snapshots collect() {
        Snapshots all = new Snapshots();
        all.gauge(
                "millrace_ready",
                "1 if the process can serve",
                health.notReadyBecause().isEmpty() ? 1 : 0);
        log.addTo(all);
        requests.addTo(all);
        jobs.addTo(all);
        return all;
    }

    /** In Prometheus's text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
        log.close();
    }
}
