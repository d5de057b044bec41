package io.millrace.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What a node's listeners have been asked and have answered, by API. Counted by event loops, read by anybody. */
public final class RequestCounters {

    /** Durations are counted in these ranges: up to so many ms each, and one range behind the last. */
    public static final List<Integer> DURATION_BOUNDS_MS = Durations.BOUNDS_MS;

    private final Map<String, Counter> byApi = new ConcurrentHashMap<>();
    private final Traffic traffic = new Traffic();

    /**
     * One API at one moment.
     *
     * @param begun requests that were read
     * @param answeredWithin requests whose answer is sent, or that needed none, by how long that took: see
     *     {@link #DURATION_BOUNDS_MS}
     * @param answerMs from the reading of a request to its answer, the sum of all of them
     * @param bytesIn of requests, their lengths not counted
     * @param bytesOut of responses
     */
    public record Counts(long begun, List<Long> answeredWithin, long answerMs, long bytesIn, long bytesOut) {

        public Counts {
            answeredWithin = List.copyOf(answeredWithin);
        }

        /** Requests whose answer is sent, or that needed none. */
        public long answered() {
            return answeredWithin.stream().mapToLong(Long::longValue).sum();
        }

        /** Both together. */
        public Counts plus(Counts other) {
            List<Long> within = new ArrayList<>();
            for (int i = 0; i < answeredWithin.size(); i++) {
                within.add(answeredWithin.get(i) + other.answeredWithin.get(i));
            }
            return new Counts(
                    begun + other.begun,
                    within,
                    answerMs + other.answerMs,
                    bytesIn + other.bytesIn,
                    bytesOut + other.bytesOut);
        }
    }

    /** Counts the requests of one API. */
    public static final class Counter {

        private final LongAdder begun = new LongAdder();
        private final Durations answers = new Durations();
        private final LongAdder bytesIn = new LongAdder();
        private final LongAdder bytesOut = new LongAdder();

        Counter() {}

        void begun(int frameBytes) {
            begun.increment();
            bytesIn.add(frameBytes);
        }

        void answered(long tookMs) {
            answers.add(tookMs);
        }

        void sent(int frameBytes) {
            bytesOut.add(frameBytes);
        }

        private Counts counts() {
            return new Counts(begun.sum(), answers.counts(), answers.totalMs(), bytesIn.sum(), bytesOut.sum());
        }
    }

    /** The same APIs, counted here from now on. */
    public Map<Short, Api<?>> count(Map<Short, Api<?>> apis) {
        Map<Short, Api<?>> counted = new TreeMap<>();
        apis.forEach(
                (key, api) -> counted.put(key, api.counted(byApi.computeIfAbsent(api.name(), name -> new Counter()))));
        return counted;
    }

    /** By the name of the API, of all that are served. */
    public Map<String, Counts> counts() {
        return byApi.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().counts(), (a, b) -> a, TreeMap::new));
    }

    /** Connections and records. */
    public Traffic traffic() {
        return traffic;
    }
}
