package io.millrace.conformance.stock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Seeded input of {@link StreamsApplication}, and what must come of it. */
final class StreamsInput {

    private static final int WORDS = 50;
    private static final int WORDS_PER_LINE = 4;
    private static final int KEYS = 20;

    /** Not so long ago that retention takes it. */
    private static final long AGE_MS = Duration.ofHours(1).toMillis();

    private static final int STEP_MS_MAX = 500;

    private record Event(String value, long timestampMs) {}

    private final Random random;
    private final Map<String, Long> counts = new HashMap<>();
    private final Map<String, List<Event>> lefts = new HashMap<>();
    private final Map<String, List<Event>> rights = new HashMap<>();
    private long nowMs = System.currentTimeMillis() - AGE_MS;
    private int next;

    StreamsInput(long seed) {
        random = new Random(seed);
    }

    /** One record for each topic. */
    List<ProducerRecord<String, String>> next() {
        var id = next++;
        var line = IntStream.range(0, WORDS_PER_LINE)
                .mapToObj(i -> "w" + random.nextInt(WORDS))
                .peek(word -> counts.merge(word, 1L, Long::sum))
                .collect(Collectors.joining(" "));
        var records = new ArrayList<ProducerRecord<String, String>>();
        records.add(record(StreamsApplication.LINES, "line" + id, line));
        records.add(side(StreamsApplication.LEFT, "l" + id, lefts));
        records.add(side(StreamsApplication.RIGHT, "r" + id, rights));
        return records;
    }

    private ProducerRecord<String, String> side(String topic, String value, Map<String, List<Event>> side) {
        nowMs += random.nextInt(STEP_MS_MAX);
        var key = "k" + random.nextInt(KEYS);
        side.computeIfAbsent(key, k -> new ArrayList<>()).add(new Event(value, nowMs));
        return record(topic, key, value);
    }

    private ProducerRecord<String, String> record(String topic, String key, String value) {
        return new ProducerRecord<>(topic, null, nowMs, key, value);
    }

    /** Every update of every word's count, in order. */
    Map<String, List<String>> expectedCounts() {
        return counts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> IntStream.rangeClosed(
                        1, entry.getValue().intValue())
                .mapToObj(Integer::toString)
                .toList()));
    }

    /** Every pair once, sorted. */
    List<String> expectedPairs() {
        return lefts.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .flatMap(left -> rights.getOrDefault(entry.getKey(), List.of()).stream()
                                .filter(right -> Math.abs(left.timestampMs() - right.timestampMs())
                                        <= StreamsApplication.CLOSE.toMillis())
                                .map(right -> left.value() + "+" + right.value())))
                .sorted()
                .toList();
    }
}
