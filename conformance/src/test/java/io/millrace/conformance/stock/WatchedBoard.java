package io.millrace.conformance.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.samples.flights.DelayStats;
import io.millrace.samples.flights.FlightDelays;
import io.millrace.samples.flights.SqlAnswer.BoardKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A stock consumer that reads the delay board, committed records alone, and keeps the last value of each key. It stays open while
 * the job that writes it dies and comes back, and is told of that by nobody. What it was shown must never be taken back: offsets
 * only grow, and so do the counts of an hour.
 */
final class WatchedBoard implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Map<Integer, Long> lastOffsets = new HashMap<>();
    private final Map<BoardKey, DelayStats> table = new TreeMap<>();
    private long records;

    WatchedBoard(String address) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        address,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        200),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        partitions = IntStream.range(0, FlightDelays.DELAY_BOARD.partitions())
                .mapToObj(partition -> new TopicPartition(FlightDelays.DELAY_BOARD.name(), partition))
                .toList();
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, 0));
    }

    /** Takes what is there. While the job is gone that is nothing. */
    void poll() {
        for (var record : consumer.poll(POLL)) {
            take(record);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        var before = lastOffsets.put(record.partition(), record.offset());
        assertThat(record.offset())
                .as("offset in partition %d", record.partition())
                .isGreaterThan(before == null ? -1 : before);
        var key = FlightDelays.DELAY_BOARD.keys().decode(record.key());
        var now = FlightDelays.DELAY_BOARD.values().decode(record.value());
        var shown = table.put(new BoardKey(key.key(), key.startMs()), now);
        assertThat(now.count())
                .as("flights of %s at offset %d", key, record.offset())
                .isGreaterThan(shown == null ? 0 : shown.count());
        records++;
    }

    /** Reads up to where the committed records end now. */
    void readToTheEnd() {
        var ends = consumer.endOffsets(partitions);
        while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
            poll();
        }
    }

    long records() {
        return records;
    }

    /** The last value of each key. */
    Map<BoardKey, DelayStats> table() {
        return table;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
