package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.kernel.Signal;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions about state that demand to see a record somebody has just produced. */
class QueriesTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final TopicPartition IN_0 = new TopicPartition("in", 0);

    private final AtomicBoolean throwsOnce = new AtomicBoolean();
    private final JobRig rig = new JobRig(JobOptions.DEFAULT, 1);

    private void run() {
        rig.topic("in", 1);
        var job = Topology.define("job");
        job.stream(IN)
                .peek((key, value) -> {
                    if (throwsOnce.compareAndSet(true, false)) {
                        throw new IllegalStateException("once");
                    }
                })
                .groupByKey()
                .count()
                .named("n");
        Topology topology = job.build();
        rig.run(topology);
    }

    private Pending<Object> ask(TopicPartition partition, long offset) {
        return rig.job.runtime().query(Signal.NONE, "n", "a", 0, Map.of(partition, offset));
    }

    @Test
    void anAnswerWaitsForTheRecordThatItMustShow() {
        run();
        rig.send(IN, 1, "a", "x", 1);

        Pending<Object> answer = ask(IN_0, 1);
        rig.scheduler.runUntilIdle();
        assertThat(answer.isDone()).as("offset 1 is not written yet").isFalse();

        rig.send(IN, 1, "a", "y", 2);
        assertThat(rig.await(answer)).isEqualTo(2L);
        assertThat(rig.await(ask(IN_0, 0))).as("what was seen stays seen").isEqualTo(2L);
    }

    @Test
    void aViewOfAllShardsWaitsToo() {
        run();
        Pending<JobView> answer = rig.job.runtime().view(Signal.NONE, Map.of(IN_0, 0L));
        rig.scheduler.runUntilIdle();
        assertThat(answer.isDone()).isFalse();

        rig.send(IN, 1, "a", "x", 1);
        StringBuilder seen = new StringBuilder();
        try (JobView view = rig.await(answer)) {
            view.forEach("n", (key, start, value) -> {
                seen.append(key).append('=').append(value);
                return true;
            });
        }
        assertThat(seen.toString()).isEqualTo("a=1");
    }

    @Test
    void aRecordOfAnAbortedTransactionIsPassedAndCounts() {
        run();
        rig.send(IN, 1, "a", "x", 1);
        Producer producer = rig.client.openProducer(ProducerOptions.transactional("other"));
        rig.await(producer.ready());
        Transaction aborted = producer.begin();
        RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 10);
        batch.append(2, IN.keys().encode("a"), IN.values().encode("never"), Header.NONE);
        long offset = rig.await(aborted.append(IN_0, batch)).baseOffset();
        rig.await(aborted.abort());

        assertThat(rig.await(ask(IN_0, offset))).isEqualTo(1L);
    }

    @Test
    void aRestartDoesNotForgetWhoWaits() {
        run();
        Pending<Object> answer = ask(IN_0, 0);
        rig.scheduler.runUntilIdle();
        throwsOnce.set(true);
        rig.send(IN, 1, "a", "x", 1);

        assertThat(rig.await(answer)).isEqualTo(1L);
        assertThat(rig.job.metrics().attempts()).isEqualTo(2);
    }

    @Test
    void aPartitionThatTheJobDoesNotReadIsRefused() {
        run();
        Pending<Object> answer = ask(new TopicPartition("in", 7), 0);
        rig.scheduler.runUntil(answer::isDone);
        assertThat(answer.isFailed()).isTrue();
        assertThat(answer.message()).contains("does not read in-7").contains("in-0");
    }

    private static final Topic<Long, String> NUMBERS = Topic.of("numbers", Codecs.longs(), Codecs.string());

    private static JobRig countingNumbers(int partitions, int lanes) {
        JobRig rig = new JobRig(JobOptions.DEFAULT.with("lanes", Integer.toString(lanes)), 2);
        rig.topic("numbers", partitions);
        var job = Topology.define("job");
        var numbers = job.stream(NUMBERS);
        numbers.groupByKey().count().named("n");
        numbers.groupByKey()
                .windowed(Windows.tumbling(Duration.ofMillis(10)))
                .count()
                .named("w");
        rig.run(job.build());
        return rig;
    }

    private static void sendEach(JobRig rig, int partitions, long... keys) {
        for (long key : keys) {
            rig.send(NUMBERS, partitions, key, "v", 15);
        }
        rig.job.drain();
    }

    private static List<String> range(JobView view, Long from, Long to) {
        List<String> seen = new ArrayList<>();
        view.range("n", from, to, (key, start, value) -> seen.add(key + "=" + value));
        return seen;
    }

    private static List<String> windows(JobView view, long key) {
        List<String> seen = new ArrayList<>();
        view.windows("w", key, 0, 100, (same, start, value) -> seen.add(start + "=" + value));
        return seen;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void rangesAndWindowsShowTheEpochOfTheirView(int lanes) {
        JobRig numbers = countingNumbers(4, lanes);
        sendEach(numbers, 4, 1, 2, 3, 4, 5, 6);
        try (JobView before = numbers.await(numbers.job.runtime().view(Signal.NONE))) {
            sendEach(numbers, 4, 2, 3, 4, 7);
            try (JobView after = numbers.await(numbers.job.runtime().view(Signal.NONE))) {
                assertThat(range(before, 2L, 7L)).containsExactlyInAnyOrder("2=1", "3=1", "4=1", "5=1", "6=1");
                assertThat(range(after, 2L, 7L)).containsExactlyInAnyOrder("2=2", "3=2", "4=2", "5=1", "6=1", "7=1");
                for (long key = 2; key <= 4; key++) {
                    assertThat(windows(before, key)).containsExactly("10=1");
                    assertThat(windows(after, key)).containsExactly("10=2");
                }
                assertThat(windows(before, 7)).isEmpty();
            }
        }
    }

    @Test
    void aRangeIsInTheOrderOfNumbers() {
        JobRig numbers = countingNumbers(1, 1);
        sendEach(numbers, 1, 300, -1, 2, -300, 0, 7);
        try (JobView view = numbers.await(numbers.job.runtime().view(Signal.NONE))) {
            assertThat(range(view, -1L, null)).containsExactly("-1=1", "0=1", "2=1", "7=1", "300=1");
        }
    }
}
