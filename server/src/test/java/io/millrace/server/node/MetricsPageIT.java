package io.millrace.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.Cli;
import io.millrace.server.ThreeNumbers;
import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process with a job and a listener: what its meters say, and that docs/metrics.md says what they mean. */
class MetricsPageIT {

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern TYPE_LINE = Pattern.compile("(?m)^# TYPE (millrace_\\w+) (\\w+)$");
    private static final Pattern PAGE_LINE =
            Pattern.compile("(?m)^\\| `(millrace_\\w+)(?:\\{[a-z,]+})?` \\| (\\w+) \\|");
    private static final Duration DRAINED_MAX = Duration.ofSeconds(30);
    private static final Topic<String, Long> NUMBERS = Topic.of("numbers", Codecs.string(), Codecs.longs());

    @TempDir
    Path directory;

    private Millrace millrace;
    private String clients;
    private String admin;

    @BeforeEach
    void runAJobThatListens() throws Exception {
        var job = Topology.define("loader");
        job.source("memory", new ThreeNumbers()).to(NUMBERS);
        millrace = Millrace.open(directory);
        admin = millrace.admin("127.0.0.1:0");
        clients = millrace.listen("127.0.0.1:0");
        millrace.start(job.build()).awaitInputDrained(DRAINED_MAX);
    }

    @AfterEach
    void close() {
        millrace.close();
    }

    private String scrape() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + admin + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void everyMeterIsOnThePageAndThePageHasNoOther() throws Exception {
        var shown = new TreeSet<>(TYPE_LINE
                .matcher(scrape())
                .results()
                .map(line -> line.group(1) + " " + line.group(2))
                .collect(Collectors.toSet()));
        var written = new TreeSet<>(PAGE_LINE
                .matcher(Files.readString(PAGE))
                .results()
                .map(line -> line.group(1) + " " + line.group(2))
                .collect(Collectors.toSet()));

        assertThat(written).isEqualTo(shown);
    }

    @Test
    void metersCountWhatClientsAndJobsDo() throws Exception {
        var created =
                Cli.runAlone("", "topics", "create", "letters", "-b", clients); // a job's log makes none by itself
        assertThat(created.code()).as(created.err()).isZero();
        var produced = Cli.runAlone("a\nb\n", "produce", "letters", "-b", clients);
        assertThat(produced.code()).as(produced.err()).isZero();
        Cli.runAlone("", "consume", "letters", "--group", "readers", "-b", clients);

        String all = scrape();

        assertThat(all)
                .contains("millrace_produce_records_total 2.0")
                .containsPattern("millrace_produce_bytes_total [1-9]")
                .containsPattern("millrace_fetch_bytes_total [1-9]")
                .containsPattern("millrace_request_duration_seconds_bucket\\{api=\"Produce\",le=\"\\+Inf\"} [1-9]")
                .contains("millrace_connections 0.0")
                .contains("millrace_groups{protocol=\"classic\",state=\"Empty\"} 1.0")
                .contains("millrace_job_state{job=\"loader\",state=\"running\"} 1.0")
                .contains("millrace_job_state{job=\"loader\",state=\"failed\"} 0.0")
                .contains("millrace_job_records_in_total{job=\"loader\"} 3.0")
                .contains("millrace_job_lag_records{job=\"loader\"} 0.0")
                .containsPattern("millrace_job_commits_total\\{job=\"loader\"} [1-9]")
                .containsPattern("millrace_transactions\\{state=\"CompleteCommit\"} 1.0")
                .containsPattern("millrace_log_sync_seconds_total [0-9.]*[1-9]")
                .containsPattern("millrace_log_size_bytes [1-9]")
                .contains("millrace_ready 1.0");
    }
}
