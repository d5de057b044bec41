package io.millrace.broker;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What a node's listeners have been asked and have answered, by API. Counted by event loops, read by anybody. */
public final class RequestCounters {

    private final Map<String, Counter> byApi = new ConcurrentHashMap<>();

    /**
     * One API at one moment.
     *
     * @param begun requests that were read
     * @param answered requests whose answer is sent, or that needed none
     * @param answerMs from the reading of a request to its answer, the sum of all of them
     * @param bytesIn of requests, their lengths not counted
     * @param bytesOut of responses
     */
    public record Counts(long begun, long answered, long answerMs, long bytesIn, long bytesOut) {}

    /** Counts the requests of one API. */
    public static final class Counter {

        private final LongAdder begun = new LongAdder();
        private final LongAdder answered = new LongAdder();
        private final LongAdder answerMs = new LongAdder();
        private final LongAdder bytesIn = new LongAdder();
        private final LongAdder bytesOut = new LongAdder();

        Counter() {}

        void begun(int frameBytes) {
            begun.increment();
            bytesIn.add(frameBytes);
        }

        void answered(long tookMs) {
            answered.increment();
            answerMs.add(tookMs);
        }

        void sent(int frameBytes) {
            bytesOut.add(frameBytes);
        }

        private Counts counts() {
            return new Counts(begun.sum(), answered.sum(), answerMs.sum(), bytesIn.sum(), bytesOut.sum());
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

    /** Of one API; nothing if it is not served. */
    public Counts counts(String api) {
        Counter counter = byApi.get(api);
        return counter == null ? new Counts(0, 0, 0, 0, 0) : counter.counts();
    }
}
