package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.FetchResult;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.DeterministicScheduler;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.kernel.Waiter;
import io.millrace.log.MemoryLogStorage;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordCursor;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.codec.KeyPartitioner;
import io.millrace.streams.runtime.OutputTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On no threads: what was sent arrives when the test lets the log run. */
class TopicWriterTest {

    private static final Topic<String, String> TOPIC = Topic.of("names", Codecs.string(), Codecs.string());
    private static final int PARTITIONS = 3;
    private static final int BATCH_BYTES_MAX = 200_000;

    private final ManualClock clock = new ManualClock(77);
    private final DeterministicScheduler scheduler = DeterministicScheduler.seeded(clock, 1);
    private LogNode node;
    private LogClient reading;
    private LogClient writing;
    private TopicWriter<String, String> writer;

    @BeforeEach
    void openLog() {
        node = LogNode.open(new MemoryLogStorage(), NodeConfig.DEFAULT, clock);
        scheduler.addAll(node.agents());
        reading = node.newClient(Signal.NONE);
        await(reading.createTopic(new NewTopic(
                TOPIC.name(), PARTITIONS, Map.of("max.message.bytes", Integer.toString(BATCH_BYTES_MAX)))));
        Waiter waiter = new Waiter();
        writing = node.newClient(waiter);
        Producer producer = writing.openProducer(ProducerOptions.idempotent());
        await(producer.ready());
        var target = new OutputTopic(TOPIC.name(), PARTITIONS, BATCH_BYTES_MAX, Compression.NONE);
        writer = new TopicWriter<>(writing, producer, TOPIC, target, waiter, clock);
    }

    @AfterEach
    void closeLog() {
        writing.close();
        reading.close();
        node.close();
    }

    @Test
    void aKeyGoesWhereTheJobsExpectIt() throws Exception {
        for (int i = 0; i < 20; i++) {
            writer.send("key" + i, "v", i);
        }
        letTheLogRun();

        var expected = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            byte[] key = TOPIC.keys().encode("key" + i);
            expected.add(KeyPartitioner.partition(TOPIC.keys(), key, 0, PARTITIONS) + " " + i + " key" + i + "=v");
        }
        assertThat(written()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void recordsWithoutAKeyTakeThePartitionsInTurnAndTheTimeOfNow() throws Exception {
        writer.send(null, "a");
        writer.send(null, "b");
        writer.send(null, "c");
        writer.send(null, "d");
        letTheLogRun();

        assertThat(written()).containsExactly("0 77 null=a", "0 77 null=d", "1 77 null=b", "2 77 null=c");
    }

    @Test
    void headersAreWritten() throws Exception {
        writer.send(null, "a", 5, List.of(new Header("trace", new byte[] {7})));
        letTheLogRun();

        try (Subscription subscription = reading.openSubscription(IsolationLevel.READ_COMMITTED, 1024)) {
            var partition = new TopicPartition(TOPIC.name(), 0);
            subscription.seek(partition, 0);
            var cursor = new RecordCursor();
            cursor.wrap(((FetchResult.Fetched) subscription.fetch(partition))
                    .batches()
                    .get(0));
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.headers()).hasSize(1);
            assertThat(cursor.headers()[0].key()).isEqualTo("trace");
            assertThat(cursor.headers()[0].value()).containsExactly(7);
        }
    }

    @Test
    void flushReturnsTheOffsetOfTheLastRecordPerPartition() throws Exception {
        int partition = KeyPartitioner.partition(TOPIC.keys(), TOPIC.keys().encode("a"), 0, PARTITIONS);
        writer.send("a", "1");
        writer.send("a", null);
        letTheLogRun();

        assertThat(writer.flush(Duration.ZERO)).isEqualTo(Map.of(new TopicPartition(TOPIC.name(), partition), 1L));
    }

    @Test
    void aFlushThatIsNotAnsweredSaysSo() throws Exception {
        writer.send("a", "1");

        assertThatThrownBy(() -> writer.flush(Duration.ZERO))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("1 records for topic names were not acknowledged within PT0S");
    }

    @Test
    void aLogThatStandsStillHoldsTheWriterUpAtABoundedNumberOfRecords() throws Exception {
        for (int i = 0; i < TopicWriter.UNACKNOWLEDGED_RECORDS_MAX; i++) {
            writer.send("a", "1");
        }
        Thread.currentThread().interrupt(); // does nothing to a send that need not wait
        assertThatThrownBy(() -> writer.send("a", "one too many")).isInstanceOf(InterruptedException.class);

        letTheLogRun();
        writer.send("a", "2");
        letTheLogRun();
        assertThat(written())
                .hasSize(TopicWriter.UNACKNOWLEDGED_RECORDS_MAX + 1)
                .doesNotContain("one too many");
    }

    @Test
    void aLogThatStandsStillHoldsTheWriterUpAtABoundedNumberOfBytes() throws Exception {
        String large = "x".repeat(BATCH_BYTES_MAX - 1000);
        int fitting = TopicWriter.UNACKNOWLEDGED_BYTES_MAX / large.length() + 1;
        for (int i = 0; i < fitting - 1; i++) {
            writer.send("a", large);
        }
        Thread.currentThread().interrupt();
        writer.send("a", large);
        assertThatThrownBy(() -> writer.send("a", large)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aRecordThatIsTooLargeIsRefusedAtOnceAndTheNextOnesAreNot() throws Exception {
        assertThatThrownBy(() -> writer.send("a", "x".repeat(BATCH_BYTES_MAX)))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("too large for topic names")
                .hasMessageContaining("allows " + BATCH_BYTES_MAX);

        writer.send("a", "1", 5);
        letTheLogRun();
        assertThat(writer.flush(Duration.ZERO)).hasSize(1);
    }

    @Test
    void theReasonOfARefusalIsThrownOnceAndTheWriterGoesOn() throws Exception {
        await(reading.deleteTopic(TOPIC.name()));
        writer.send("a", "1");
        letTheLogRun();
        assertThatThrownBy(() -> writer.flush(Duration.ZERO))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("UNKNOWN_TOPIC_OR_PARTITION: there is no partition names-");
        assertThat(writer.flush(Duration.ZERO)).isEmpty();

        writer.send("a", "2");
        letTheLogRun();
        assertThatThrownBy(() -> writer.send("a", "3"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("there is no partition names-");

        await(reading.createTopic(new NewTopic(TOPIC.name(), PARTITIONS)));
        writer.send("a", "4");
        letTheLogRun();
        assertThat(writer.flush(Duration.ZERO)).containsValue(0L);
    }

    @Test
    void aWriterOfAClosedLogSaysWhy() throws Exception {
        node.close();
        writer.send("a", "1");

        assertThatThrownBy(writer::close)
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("the log node has stopped");
    }

    @Test
    void aClosedWriterAndAnotherThreadsWriterRefuse() throws Exception {
        var seen = new AtomicReference<Throwable>();
        Thread other = new Thread(() -> {
            try {
                writer.send("a", "1");
            } catch (IllegalStateException | InterruptedException e) {
                seen.set(e);
            }
        });
        other.start();
        other.join();
        assertThat(seen.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("belongs to thread");

        writer.close();
        writer.close();
        assertThatThrownBy(() -> writer.send("a", "1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the writer of topic names is closed");
        assertThat(written()).isEmpty();
    }

    private void letTheLogRun() {
        scheduler.runUntilIdle();
    }

    private List<String> written() {
        var seen = new ArrayList<String>();
        try (var reader = new TopicReader<>(reading, TOPIC, PARTITIONS)) {
            while (!reader.isAtEnd()) {
                reader.poll((partition, offset, timestampMs, key, value) ->
                        seen.add(partition.partition() + " " + timestampMs + " " + key + "=" + value));
            }
        }
        return seen;
    }

    private <T> T await(Pending<T> pending) {
        scheduler.runUntil(pending::isDone);
        return pending.value();
    }
}
