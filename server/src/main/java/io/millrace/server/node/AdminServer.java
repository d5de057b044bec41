package io.millrace.server.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.server.client.NodeAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Health and metrics over HTTP, on the loopback interface. One thread of its own answers, one request at a time. */
final class AdminServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(3);
    private static final int WAITING_MAX = 16;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    /** What is answered to a GET. */
    private record Page(int status, String type, String body) {}

    private final HttpServer http;
    private final ExecutorService thread;
    private final Meters meters;
    private final NodeAddress address;

    /** Made when they are first asked for, as that takes long enough to be seen at the start. On the admin thread. */
    private static final class Meters {

        private final Supplier<ProcessMeters> make;
        private @Nullable ProcessMeters made;

        Meters(Supplier<ProcessMeters> make) {
            this.make = make;
        }

        ProcessMeters meters() {
            ProcessMeters found = made;
            if (found == null) {
                found = make.get();
                made = found;
            }
            return found;
        }

        void close() {
            if (made != null) {
                made.close();
            }
        }
    }

    private AdminServer(HttpServer http, ExecutorService thread, Meters meters, NodeAddress address) {
        this.http = http;
        this.thread = thread;
        this.meters = meters;
        this.address = address;
    }

    /** @throws IOException if the port is in use */
    static AdminServer open(NodeAddress at, ProcessHealth health, Supplier<ProcessMeters> make) throws IOException {
        HttpServer http = bind(at);
        Meters meters = new Meters(make);
        Map<String, Supplier<Page>> pages = Map.of(
                "/metrics", () -> new Page(OK, METRICS, meters.meters().scrape()),
                "/health/live", () -> health(health.deadBecause().map(List::of).orElse(List.of())),
                "/health/ready", () -> health(health.notReadyBecause()));
        http.createContext("/", exchange -> answer(exchange, pages));
        ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            Thread admin = new Thread(task, "admin");
            admin.setDaemon(true);
            return admin;
        });
        http.setExecutor(thread);
        http.start();
        return new AdminServer(
                http,
                thread,
                meters,
                new NodeAddress(at.host(), http.getAddress().getPort()));
    }

    private static HttpServer bind(NodeAddress at) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(at.host(), at.port()), WAITING_MAX);
        } catch (BindException e) {
            BindException refused = new BindException("health and metrics cannot be shown at " + at + ": "
                    + e.getMessage() + " (" + ServerSettings.ADMIN + ", --admin or --admin-port name another address)");
            refused.initCause(e);
            throw refused;
        }
    }

    private static Page health(List<String> problems) {
        return problems.isEmpty()
                ? new Page(OK, TEXT, "ok\n")
                : new Page(UNAVAILABLE, TEXT, String.join("\n", problems) + "\n");
    }

    private static void answer(HttpExchange exchange, Map<String, Supplier<Page>> pages) throws IOException {
        try (exchange) {
            Supplier<Page> wanted = pages.get(exchange.getRequestURI().getPath());
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            Page page = wanted == null
                    ? new Page(NOT_FOUND, TEXT, "there are /metrics, /health/live and /health/ready\n")
                    : isHead || exchange.getRequestMethod().equals("GET")
                            ? wanted.get()
                            : new Page(METHOD_NOT_ALLOWED, TEXT, "only GET\n");
            byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", page.type());
            exchange.sendResponseHeaders(page.status(), isHead ? -1 : body.length);
            if (!isHead) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    NodeAddress address() {
        return address;
    }

    @Override
    public void close() {
        http.stop(0);
        thread.execute(meters::close); // they ask the log, which closes next
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a scrape has not ended within {}", CLOSE_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
