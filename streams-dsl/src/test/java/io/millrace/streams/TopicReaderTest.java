package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.DeterministicScheduler;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.MemoryLogStorage;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.streams.codec.Codecs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicReaderTest {

    private static final Topic<String, String> TOPIC = Topic.of("names", Codecs.string(), Codecs.string());

    private final ManualClock clock = new ManualClock(0);
    private final DeterministicScheduler scheduler = DeterministicScheduler.seeded(clock, 1);
    private LogNode node;
    private LogClient client;
    private Producer producer;

    @BeforeEach
    void openLog() {
        node = LogNode.open(new MemoryLogStorage(), NodeConfig.DEFAULT, clock);
        scheduler.addAll(node.agents());
        client = node.newClient(Signal.NONE);
        await(client.createTopic(new NewTopic(TOPIC.name(), 2)));
        producer = client.openProducer(ProducerOptions.idempotent());
        await(producer.ready());
    }

    @AfterEach
    void closeLog() {
        client.close();
        node.close();
    }

    @Test
    void showsEveryRecordWithItsPlaceAndTime() {
        write(0, 11, "a", "1");
        write(1, 12, "b", "2");
        write(0, 13, "a", null);
        var seen = new ArrayList<String>();

        try (var reader = new TopicReader<>(client, TOPIC, 2)) {
            assertThat(reader.isAtEnd()).isFalse();
            reader.poll((partition, offset, timestampMs, key, value) ->
                    seen.add(partition.partition() + "/" + offset + " " + timestampMs + " " + key + "=" + value));
            assertThat(reader.isAtEnd()).isTrue();
        }

        assertThat(seen).containsExactlyInAnyOrder("0/0 11 a=1", "0/1 13 a=null", "1/0 12 b=2");
    }

    @Test
    void showsLaterRecordsAtALaterPoll() {
        write(0, 1, "a", "1");
        try (var reader = new TopicReader<>(client, TOPIC, 2)) {
            assertThat(values(reader)).containsExactly("1");
            assertThat(values(reader)).isEmpty();

            write(0, 2, "a", "2");

            assertThat(reader.isAtEnd()).isFalse();
            assertThat(values(reader)).containsExactly("2");
        }
    }

    @Test
    void theLatestValueOfAKeyCountsAndNullDeletes() {
        write(0, 1, "a", "1");
        write(0, 2, "b", "2");
        write(0, 3, "a", "3");
        write(0, 4, "b", null);

        try (var reader = new TopicReader<>(client, TOPIC, 2)) {
            assertThat(reader.latest()).containsOnlyKeys("a").containsEntry("a", "3");
        }
    }

    @Test
    void startsWhereTheLogStarts() {
        write(0, 1, "a", "1");
        write(0, 2, "a", "2");
        await(client.deleteRecords(new TopicPartition(TOPIC.name(), 0), 1));

        try (var reader = new TopicReader<>(client, TOPIC, 2)) {
            assertThat(values(reader)).isEmpty();
            assertThat(values(reader)).containsExactly("2");
        }
    }

    private static List<String> values(TopicReader<String, String> reader) {
        var values = new ArrayList<String>();
        reader.poll((partition, offset, timestampMs, key, value) -> values.add(value));
        return values;
    }

    private void write(int partition, long timestampMs, String key, String value) {
        await(producer.append(new TopicPartition(TOPIC.name(), partition), Records.keyed(timestampMs, key, value)));
    }

    private <T> T await(Pending<T> pending) {
        scheduler.runUntil(pending::isDone);
        return pending.value();
    }
}
