package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.streams.Job;
import io.millrace.streams.StoreReader;
import io.millrace.streams.Topic;
import io.millrace.streams.TopicReader;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EmbeddedNodeTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> OUT = Topic.of("out", Codecs.string(), Codecs.longs());
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final EmbeddedNode node = EmbeddedNode.fresh();

    private static Topology counts() {
        var job = Topology.define("counts");
        job.stream(IN).groupByKey().count().named("counted").toStream().to(OUT);
        return job.build();
    }

    private static <T> T await(Pending<T> pending) {
        while (!pending.isDone()) {
            Thread.onSpinWait();
        }
        return pending.value();
    }

    /** Returns the offset of the last record. */
    private long send(String... keys) {
        long offset = -1;
        try (LogClient client = node.millrace().client();
                Producer producer = client.openProducer(ProducerOptions.idempotent())) {
            await(producer.ready());
            for (String key : keys) {
                RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 16);
                batch.append(1, IN.keys().encode(key), IN.values().encode("x"), Header.NONE);
                offset = await(producer.append(new TopicPartition("in", 0), batch))
                        .baseOffset();
            }
        }
        return offset;
    }

    private Map<String, Long> output() {
        try (LogClient client = node.millrace().client();
                TopicReader<String, Long> reader = new TopicReader<>(client, OUT, 1)) {
            return reader.latest();
        }
    }

    @Test
    void runsAJobOnRealThreadsAndGoesOnAfterARestart() throws Exception {
        try (LogClient client = node.millrace().client()) {
            await(client.createTopic(new NewTopic("in", 1, Map.of("retention.ms", "-1"))));
        }
        send("a", "b", "a");
        Job job = node.start(counts()).awaitRunning(PATIENCE);
        job.awaitInputDrained(PATIENCE);
        assertThat(output()).isEqualTo(Map.of("a", 2L, "b", 1L));

        node.restart();
        send("a");
        node.start(counts()).awaitRunning(PATIENCE).awaitInputDrained(PATIENCE);

        assertThat(output()).isEqualTo(Map.of("a", 3L, "b", 1L));
    }

    @Test
    void showsAProducerWhatBecameOfItsRecord() throws Exception {
        try (LogClient client = node.millrace().client()) {
            await(client.createTopic(new NewTopic("in", 1, Map.of("retention.ms", "-1"))));
        }
        Job job = node.start(counts()).awaitRunning(PATIENCE);
        StoreReader<String, Long> counts = job.store("counted");
        for (long expected = 1; expected <= 20; expected++) {
            long offset = send("a");
            assertThat(counts.seeing(new TopicPartition("in", 0), offset).value("a"))
                    .contains(expected);
        }
    }

    @Test
    void hasADirectoryOfItsOwn() {
        assertThat(Files.isDirectory(node.directory())).isTrue();
        assertThat(node.millrace().jobs()).isEmpty();
    }
}
