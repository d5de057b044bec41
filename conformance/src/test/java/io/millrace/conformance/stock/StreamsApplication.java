package io.millrace.conformance.stock;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;

/**
 * A Kafka Streams application as it stands in a book: a re-keyed word count, and a windowed join. Arguments: bootstrap servers,
 * state directory. Says {@code RUNNING}.
 */
public final class StreamsApplication {

    static final String LINES = "lines";
    static final String COUNTS = "counts";
    static final String LEFT = "left";
    static final String RIGHT = "right";
    static final String PAIRS = "pairs";

    /** Records of both sides that are this close make a pair. */
    static final Duration CLOSE = Duration.ofSeconds(10);

    /** So long that nothing is late, in whatever order a restarted task reads its two inputs. */
    private static final Duration GRACE = Duration.ofDays(1);

    private StreamsApplication() {}

    public static void main(String[] args) throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (var streams = new KafkaStreams(topology(), config(args[0], args[1]))) {
            streams.setUncaughtExceptionHandler(failure -> {
                failure.printStackTrace(System.out);
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            });
            streams.setStateListener((now, before) -> System.out.println(now));
            streams.start();
            ended.await();
        }
    }

    private static Properties config(String bootstrap, String stateDirectory) {
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "book");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0); // every single update is seen, and checked
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        config.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6000); // killed, it cannot say goodbye
        config.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 500);
        config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 10_000);
        return config;
    }

    private static Topology topology() {
        var builder = new StreamsBuilder();
        var text = Consumed.with(Serdes.String(), Serdes.String());
        builder.stream(LINES, text)
                .flatMapValues(line -> List.of(line.toLowerCase(Locale.ROOT).split(" ")))
                .groupBy((key, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
                .count(Materialized.with(Serdes.String(), Serdes.Long()))
                .toStream()
                .mapValues(count -> Long.toString(count))
                .to(COUNTS, Produced.with(Serdes.String(), Serdes.String()));
        builder.stream(LEFT, text)
                .join(
                        builder.stream(RIGHT, text),
                        (left, right) -> left + "+" + right,
                        JoinWindows.ofTimeDifferenceAndGrace(CLOSE, GRACE),
                        StreamJoined.with(Serdes.String(), Serdes.String(), Serdes.String()))
                .to(PAIRS, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }
}
