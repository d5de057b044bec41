package io.millrace.samples.wordcount;

import io.millrace.connect.builtin.LineFileSource;
import io.millrace.connect.builtin.LineInput;
import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Counts the words of a text, exactly once. */
public final class WordCount {
    public static void main(String[] args) throws Exception {
        var text = LineFileSource.lines(LineInput.resource(WordCount.class, "/data/gettysburg.txt"));
        var counts = Topic.of("word-counts", Codecs.string(), Codecs.longs()).config("cleanup.policy", "compact");

        var job = Topology.define("word-count");
        job.source("text", text)
                .flatMapValues(line -> List.of(line.toLowerCase(Locale.ROOT).split("[^a-z]+")))
                .filter((name, word) -> !word.isEmpty())
                .groupBy((name, word) -> word)
                .count()
                .toStream()
                .to(counts);

        try (var millrace = Millrace.open(Path.of("millrace-data/word-count"))) {
            millrace.start(job.build()).awaitInputDrained(Duration.ofMinutes(1));
            try (var reader = millrace.read(counts)) {
                new TreeMap<>(reader.latest()).forEach((word, count) -> System.out.println(count + " " + word));
            }
        }
    }
}
