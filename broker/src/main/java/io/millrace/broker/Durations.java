package io.millrace.broker;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** How long something took, counted in ranges whose bounds never change. Counted by event loops, read by anybody. */
final class Durations {

    /** The longest duration of each range in ms; what takes longer than the last one is counted behind it. */
    static final List<Integer> BOUNDS_MS = List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000);

    private final List<LongAdder> ranges = IntStream.rangeClosed(0, BOUNDS_MS.size())
            .mapToObj(i -> new LongAdder())
            .toList();

    private final LongAdder totalMs = new LongAdder();

    void add(long tookMs) {
        int range = 0;
        while (range < BOUNDS_MS.size() && tookMs > BOUNDS_MS.get(range)) {
            range++;
        }
        ranges.get(range).increment();
        totalMs.add(tookMs);
    }

    /** One count for each range, and one for what took longer. */
    List<Long> counts() {
        return ranges.stream().map(LongAdder::sum).toList();
    }

    long totalMs() {
        return totalMs.sum();
    }
}
