package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.runtime.JobReset;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program that embeds Millrace is told. On real threads. */
class MillraceTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, String> OUT = Topic.of("out", Codecs.string(), Codecs.string());

    @TempDir
    private Path directory;

    private static Topology copy(ValueFunction<String, String> function) {
        var job = Topology.define("copies");
        job.stream(IN).mapValues(function).named("copy").to(OUT);
        return job.build();
    }

    private static void send(Millrace millrace, String value) throws InterruptedException {
        try (TopicWriter<String, String> writer = millrace.write(IN)) {
            writer.send(value, value, 0);
            writer.flush(LONG);
        }
    }

    private static <T> T answer(Pending<T> pending, Waiter waiter) throws InterruptedException {
        assertThat(waiter.await(pending::isDone, LONG, SystemClock.INSTANCE)).isTrue();
        return pending.value();
    }

    @Test
    void aResetNeverLeavesTheStateOfTheJob() {
        try (Millrace millrace = Millrace.open(directory)) {
            assertThatThrownBy(() -> millrace.reset("../log", new JobReset.Target.ToStart(), JobReset.Sources.STAY))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot lead to");
            assertThat(directory.resolve("log")).isNotEmptyDirectory();
        }
    }

    @Test
    void whoWaitsForAJobIsToldWhyItHasEnded() throws InterruptedException {
        try (Millrace millrace = Millrace.open(directory)) {
            Job job = millrace.start(copy(value -> value.substring(9))).awaitRunning(LONG);
            send(millrace, "short");

            assertThatThrownBy(() -> job.awaitInputDrained(LONG))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("job copies is FAILED")
                    .hasMessageContaining("operator copy failed")
                    .hasMessageContaining("StringIndexOutOfBounds")
                    .hasRootCauseInstanceOf(StringIndexOutOfBoundsException.class);
            assertThat(job.metrics().attempts())
                    .as("the same mistake on the same record is not repeated for long")
                    .isEqualTo(2);
            assertThatThrownBy(() -> job.awaitInputDrained(LONG)).isInstanceOf(MillraceException.class);
        }
    }

    @Test
    void whoWaitsForTheEndOfAJobIsAnsweredWhenItHasEnded() throws InterruptedException {
        try (Millrace millrace = Millrace.open(directory)) {
            Job job = millrace.start(copy(value -> value.substring(9))).awaitRunning(LONG);
            assertThat(job.awaitEnd(Duration.ofMillis(1))).isFalse();
            send(millrace, "short");

            assertThat(job.awaitEnd()).isEqualTo(JobState.FAILED);
        }
    }

    @Test
    void whoWaitsInVainIsToldWhatTheJobDoesInstead() throws InterruptedException {
        try (Millrace millrace = Millrace.open(directory)) {
            JobOptions patient =
                    JobOptions.DEFAULT.with("restart.backoff.ms", "600000").with("restart.backoff.max.ms", "600000");
            Job job = millrace.start(
                            copy(value -> {
                                throw new IllegalStateException("the service is down");
                            }),
                            patient)
                    .awaitRunning(LONG);
            send(millrace, "x");
            assertThat(new Waiter().await(() -> job.state() == JobState.RESTARTING, LONG, SystemClock.INSTANCE))
                    .isTrue();

            assertThatThrownBy(() -> job.awaitInputDrained(Duration.ofMillis(1)))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("did not drain its input within PT0.001S; it is RESTARTING")
                    .hasMessageContaining("the service is down");
        }
    }

    @Test
    void oneJobRunsOnceInAProcess() throws InterruptedException {
        Millrace millrace = Millrace.open(directory);
        try (millrace) {
            Job first = millrace.start(copy(value -> value)).awaitRunning(LONG);

            assertThatThrownBy(() -> millrace.start(copy(value -> value)))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("job copies is RUNNING in this process already");

            first.close();
            millrace.start(copy(value -> value)).awaitRunning(LONG);
        }
        assertThatThrownBy(() -> millrace.start(copy(value -> value)))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("has been closed");
    }

    @Test
    void topicsThatAJobCreatesKeepTheirRecords() throws InterruptedException {
        Waiter waiter = new Waiter();
        try (Millrace millrace = Millrace.open(directory);
                LogClient client = millrace.client(waiter)) {
            millrace.start(copy(value -> value)).awaitRunning(LONG);

            assertThat(answer(client.describeTopic("out"), waiter).configs()).containsEntry("retention.ms", "-1");
            assertThat(answer(client.describeTopic("in"), waiter).configs()).containsEntry("retention.ms", "-1");
        }
    }
}
