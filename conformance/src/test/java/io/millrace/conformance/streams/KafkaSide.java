package io.millrace.conformance.streams;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.test.TestRecord;

/** A topology of Kafka Streams in its own test driver. */
final class KafkaSide implements AutoCloseable {

    private final TopologyTestDriver driver;
    private final Map<String, TestInputTopic<String, String>> inputs = new HashMap<>();
    private final Map<String, TestOutputTopic<String, String>> outputs = new HashMap<>();

    KafkaSide(Topology topology, Iterable<String> inputTopics, Iterable<String> outputTopics, Path directory) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "twin");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        config.put(
                StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
                BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class);
        // Ours close windows and look for what is due with every record; Kafka's do so once in a second of wall clock.
        config.put("__emit.interval.ms.kstreams.outer.join.spurious.results.fix__", 0L);
        config.put("__emit.interval.ms.kstreams.windowed.aggregation__", 0L);
        driver = new TopologyTestDriver(topology, config, Instant.EPOCH);
        for (String topic : inputTopics) {
            inputs.put(topic, driver.createInputTopic(topic, new StringSerializer(), new StringSerializer()));
        }
        for (String topic : outputTopics) {
            outputs.put(topic, driver.createOutputTopic(topic, new StringDeserializer(), new StringDeserializer()));
        }
    }

    void pipe(Row row) {
        inputs.get(row.topic()).pipeInput(row.key(), row.value(), row.timestampMs());
    }

    List<Row> output() {
        List<Row> rows = new ArrayList<>();
        outputs.forEach((topic, output) -> {
            for (TestRecord<String, String> record : output.readRecordsToList()) {
                rows.add(new Row(topic, record.key(), record.value(), record.timestamp()));
            }
        });
        return rows;
    }

    @Override
    public void close() {
        driver.close();
    }
}
