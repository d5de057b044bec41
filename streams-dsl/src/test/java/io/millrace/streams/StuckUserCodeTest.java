package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.streams.codec.Codecs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** User code that does not come back holds nobody up for ever, and is named. On real threads, as only these can be stuck. */
class StuckUserCodeTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, String> OUT = Topic.of("out", Codecs.string(), Codecs.string());

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
    }

    private String waitForever(String value) throws InterruptedException {
        if (value.equals("stuck")) {
            reached.countDown();
            released.await();
        } else if (value.equals("broken")) {
            reached.await();
            throw new IllegalArgumentException("a broken value");
        }
        return value;
    }

    private Topology topology() {
        var job = Topology.define("waits");
        job.stream(IN).mapValues(this::waitForever).named("asks-somebody").to(OUT);
        return job.build();
    }

    private static void send(Millrace millrace, int partition, String value) throws InterruptedException {
        Waiter waiter = new Waiter();
        try (LogClient client = millrace.client(waiter)) {
            Producer producer = client.openProducer(ProducerOptions.idempotent());
            answer(producer.ready(), waiter);
            RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 16);
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            batch.append(SystemClock.INSTANCE.wallMs(), bytes, bytes, Header.NONE);
            answer(producer.append(new TopicPartition("in", partition), batch), waiter);
        }
    }

    private static <T> T answer(Pending<T> pending, Waiter waiter) throws InterruptedException {
        assertThat(waiter.await(pending::isDone, LONG, SystemClock.INSTANCE)).isTrue();
        return pending.value();
    }

    private static Millrace open(Path directory) throws InterruptedException {
        Millrace millrace = Millrace.open(directory);
        Waiter waiter = new Waiter();
        try (LogClient client = millrace.client(waiter)) {
            answer(client.createTopic(new NewTopic("in", 2, Map.of())), waiter);
        }
        return millrace;
    }

    @Test
    void closeReturnsAndSaysWhereItIs(@TempDir Path directory) throws InterruptedException {
        try (Millrace millrace = open(directory)) {
            Job job = millrace.start(topology());
            send(millrace, 0, "fine");
            job.awaitInputDrained(LONG);
            send(millrace, 0, "stuck");
            reached.await();

            boolean ended = job.close(Duration.ofMillis(100));

            assertThat(ended).isFalse();
            assertThat(job.state()).isEqualTo(JobState.FAILED);
            assertThat(job.metrics().failure())
                    .contains("took longer than PT0.1S")
                    .contains("asks-somebody")
                    .contains("StuckUserCodeTest.waitForever");
            released.countDown();
        }
    }

    @Test
    void aFailureElsewhereEndsTheJobInsteadOfWaitingForIt(@TempDir Path directory) throws InterruptedException {
        try (Millrace millrace = open(directory)) {
            Job job = millrace.start(topology(), JobOptions.DEFAULT.withLanes(2).with("user.code.timeout.ms", "100"));
            job.awaitRunning(LONG);
            send(millrace, 0, "stuck");
            send(millrace, 1, "broken");

            assertThat(job.awaitEnd(LONG)).isTrue();

            assertThat(job.state()).isEqualTo(JobState.FAILED);
            assertThat(job.metrics().failure())
                    .contains("a broken value")
                    .contains("asks-somebody")
                    .contains("StuckUserCodeTest.waitForever");
            released.countDown();
        }
    }
}
