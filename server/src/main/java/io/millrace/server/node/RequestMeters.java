package io.millrace.server.node;

import io.millrace.broker.RequestCounters;
import io.millrace.broker.RequestCounters.Counts;
import io.millrace.broker.Traffic;
import io.millrace.broker.net.Listener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What clients ask of the listeners. The one label is the API, of which there are as many as are served. */
final class RequestMeters {

    private static final double MS_PER_SECOND = 1_000;

    private final Supplier<? extends Collection<Listener>> listeners;
    private final double[] boundsSeconds;

    /** @param listeners that are open at the moment */
    RequestMeters(Supplier<? extends Collection<Listener>> listeners) {
        this.listeners = listeners;
        List<Integer> bounds = RequestCounters.DURATION_BOUNDS_MS;
        this.boundsSeconds = new double[bounds.size() + 1];
        for (int i = 0; i < bounds.size(); i++) {
            boundsSeconds[i] = bounds.get(i) / MS_PER_SECOND;
        }
        boundsSeconds[bounds.size()] = Double.POSITIVE_INFINITY;
    }

    void addTo(Snapshots to) {
        Collection<Listener> open = listeners.get();
        if (open.isEmpty()) {
            return;
        }
        // Listeners of one node have the same counters.
        Set<RequestCounters> counters = open.stream().map(Listener::counters).collect(Collectors.toSet());
        Map<String, Counts> byApi = new TreeMap<>();
        counters.forEach(one -> one.counts().forEach((api, counts) -> byApi.merge(api, counts, Counts::plus)));
        byApi.forEach((api, counts) -> api(to, api, counts));
        traffic(
                to,
                counters.stream()
                        .map(one -> one.traffic().counts())
                        .reduce(new Traffic.Counts(0, 0, 0, 0, 0), Traffic.Counts::plus));
        to.gauge(
                "millrace_requests_queued_bytes",
                "Memory of requests that are not served yet",
                ofNodes(open, Listener::queuedRequestBytes));
        to.gauge(
                "millrace_requests_queued_bytes_max",
                "How much of it there may be (queued.max.request.bytes)",
                ofNodes(open, Listener::queuedRequestBytesMax));
    }

    /** Listeners of one node have the same memory too. */
    private static long ofNodes(Collection<Listener> open, ToLongFunction<Listener> bytes) {
        return open.stream()
                .collect(Collectors.toMap(Listener::counters, bytes::applyAsLong, Math::max))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private void api(Snapshots to, String api, Counts counts) {
        to.counter("millrace_requests", "Requests that were read", counts.begun(), "api", api);
        to.counter("millrace_request_bytes", "Bytes of requests", counts.bytesIn(), "api", api);
        to.counter("millrace_response_bytes", "Bytes of responses", counts.bytesOut(), "api", api);
        to.durations(
                "millrace_request_duration_seconds",
                "From the reading of a request to its answer, waiting for data included",
                boundsSeconds,
                counts.answeredWithin().stream().mapToLong(Long::longValue).toArray(),
                counts.answerMs() / MS_PER_SECOND,
                "api",
                api);
    }

    private static void traffic(Snapshots to, Traffic.Counts traffic) {
        to.gauge("millrace_connections", "Connections of clients", traffic.connections());
        to.counter("millrace_connections_opened", "Connections since the start", traffic.connectionsOpened());
        to.counter("millrace_produce_records", "Records that clients have written", traffic.producedRecords());
        to.counter("millrace_produce_bytes", "Bytes of their batches", traffic.producedBytes());
        to.counter("millrace_fetch_bytes", "Bytes of batches that clients were given", traffic.fetchedBytes());
    }
}
