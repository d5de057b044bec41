package io.millrace.benchmarks;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.net.Listener;
import io.millrace.node.NodeConfig;
import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * The process under {@link LatencyBenchmark}: the job that gives every record on, exactly-once. Runs until its standard input ends.
 *
 * <p>Arguments: {@code millrace DIRECTORY}, an embedded node with a listener; or {@code streams DIRECTORY BOOTSTRAP COMMIT_MS},
 * a Kafka Streams application. Says {@code ready ADDRESS}.
 */
public final class LatencyJob {

    static final String INPUT = "latency-input";
    static final String OUTPUT = "latency-output";

    /** What the application is configured with when nobody says how often it commits. */
    static final int COMMIT_MS_DEFAULT = 100;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private LatencyJob() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("millrace")) {
            runMillrace(Path.of(args[1]));
        } else {
            runStreams(args[1], args[2], Integer.parseInt(args[3]));
        }
        System.exit(0);
    }

    private static void runMillrace(Path directory) throws Exception {
        NodeConfig config = NodeConfig.DEFAULT.withTopicDefault("durability", "os");
        var topology = Topology.define("latency");
        topology.stream(Topic.of(INPUT, Codecs.bytes(), Codecs.bytes()).partitions(1))
                .mapValues(LatencyJob::same)
                .to(Topic.of(OUTPUT, Codecs.bytes(), Codecs.bytes()).partitions(1));
        try (Millrace millrace = Millrace.open(directory, config);
                Listener listener = Listener.open(
                        millrace.node(),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        BrokerConfig.DEFAULT);
                var job = millrace.start(topology.build())) {
            job.awaitRunning(PATIENCE);
            serveUntilAskedToEnd(
                    listener.endpoint().host() + ":" + listener.endpoint().port());
        }
    }

    private static void runStreams(String directory, String bootstrap, int commitMs) throws IOException {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "latency");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitMs);
        if (commitMs < COMMIT_MS_DEFAULT) {
            config.put(StreamsConfig.producerPrefix("linger.ms"), 0);
            config.put(StreamsConfig.POLL_MS_CONFIG, commitMs);
        }
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(INPUT, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .mapValues(LatencyJob::same)
                .to(OUTPUT, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
        try (KafkaStreams streams = new KafkaStreams(builder.build(), config)) {
            streams.start();
            while (streams.state() != KafkaStreams.State.RUNNING) {
                LockSupport.parkNanos(1_000_000);
            }
            serveUntilAskedToEnd(bootstrap);
        }
    }

    private static byte[] same(byte[] value) {
        return value;
    }

    private static void serveUntilAskedToEnd(String address) throws IOException {
        System.out.println("ready " + address);
        while (System.in.read() >= 0) {
            // Until its end.
        }
    }
}
