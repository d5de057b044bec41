package io.millrace.streams.runtime;

import io.millrace.streams.Job;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Millrace;
import io.millrace.streams.Source;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The program that {@link KillIT} kills: numbers from a source of its own go into a topic, out of it again, and are counted
 * per remainder in another shard than they came from. Arguments: directory, lanes. Ends when all are counted.
 */
final class KilledJob {

    static final int NUMBERS = 400_000;
    static final int REMAINDERS = 97;
    static final int PARTITIONS = 3;

    static final Topic<String, Long> SEEN = Topic.of("seen", Codecs.string(), Codecs.longs())
            .partitions(PARTITIONS)
            .config("retention.ms", "-1");
    static final Topic<Long, Long> COUNTS =
            Topic.of("counts", Codecs.longs(), Codecs.longs()).config("retention.ms", "-1");

    private KilledJob() {}

    public static void main(String[] args) throws InterruptedException {
        try (Millrace millrace = Millrace.open(Path.of(args[0]))) {
            Job job = millrace.start(topology(), JobOptions.DEFAULT.withLanes(Integer.parseInt(args[1])));
            job.awaitInputDrained(Duration.ofMinutes(5));
        }
    }

    static Topology topology() {
        var job = Topology.define("killed");
        job.source("numbers", new Numbers()).to(SEEN);
        job.stream(SEEN)
                .groupBy((key, number) -> number % REMAINDERS)
                .count()
                .named("per-remainder")
                .toStream()
                .to(COUNTS);
        return job.build();
    }

    /** All numbers once. */
    private static final class Numbers implements Source<String, Long> {
        @Override
        public List<String> splits() {
            return List.of("all");
        }

        @Override
        public Reader<String, Long> open(String split, Map<String, String> position) {
            return new Reader<>() {
                private long next = Long.parseLong(position.getOrDefault("next", "0"));

                @Override
                public Batch<String, Long> poll(int recordsMax) {
                    List<SourceRecord<String, Long>> records = new ArrayList<>();
                    for (; next < NUMBERS && records.size() < recordsMax; next++) {
                        records.add(new SourceRecord<>("n" + next % 1_000, next, next));
                    }
                    return new Batch<>(records, Map.of("next", Long.toString(next)), next >= NUMBERS);
                }

                @Override
                public void close() {}
            };
        }
    }
}
