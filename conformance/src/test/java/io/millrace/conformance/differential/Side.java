package io.millrace.conformance.differential;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** One of the two: its connections, what was kept of its answers, and what it answers to a step. */
final class Side implements AutoCloseable {

    private static final Duration UNTIL_MAX = Duration.ofSeconds(20);
    private static final int ID_CHARS_MIN = 8;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");
    private static final Pattern NOW = Pattern.compile("now([+-]\\d+)?");

    /** Not an answer but a "not yet": the transaction before is still being ended. */
    static final Set<String> NOT_YET = Set.of("51 CONCURRENT_TRANSACTIONS");

    /** Those, and what Kafka says while a coordinator loads or a partition just made has no leader. */
    static final Set<String> KAFKAS_NOT_YET = Set.of(
            "5 LEADER_NOT_AVAILABLE",
            "6 NOT_LEADER_OR_FOLLOWER",
            "14 COORDINATOR_LOAD_IN_PROGRESS",
            "15 COORDINATOR_NOT_AVAILABLE",
            "16 NOT_COORDINATOR",
            "51 CONCURRENT_TRANSACTIONS",
            "78 OFFSET_NOT_AVAILABLE");

    private final String name;
    private final String address;
    private final long nowMs;
    private final Set<String> notYet;
    private final SortedMap<String, Integer> askedAgain = new TreeMap<>();
    private final Map<String, Wire> wires = new HashMap<>();
    private final Map<String, String> kept = new HashMap<>();
    private final Map<String, String> symbols = new HashMap<>();
    private final Map<Short, ApiVersionsResponseData.ApiVersion> served = new HashMap<>();
    private ApiMessage last;
    private SortedMap<String, String> lastOutcome = new TreeMap<>();

    /**
     * @param nowMs the time which both take for now, ms
     * @param notYet errors after which it is asked again
     */
    Side(String name, String address, long nowMs, Set<String> notYet) throws IOException {
        this.name = name;
        this.address = address;
        this.nowMs = nowMs;
        this.notYet = notYet;
        try (var wire = new Wire(address)) {
            wire.send(ApiKeys.API_VERSIONS, (short) 0, new ApiVersionsRequestData(), true);
            var answer = (ApiVersionsResponseData) wire.receive().orElseThrow();
            answer.apiKeys().forEach(one -> served.put(one.apiKey(), one.duplicate()));
        }
    }

    /** The highest version that is served; -1 if the API is not. */
    int highest(ApiKeys api) {
        var found = served.get(api.id);
        return found == null ? -1 : found.maxVersion();
    }

    int lowest(ApiKeys api) {
        var found = served.get(api.id);
        return found == null ? Integer.MAX_VALUE : found.minVersion();
    }

    /** Whether everything is known that this text refers to. */
    boolean knows(String body) {
        return VARIABLE.matcher(body)
                .results()
                .allMatch(one -> kept.containsKey(one.group(1))
                        || NOW.matcher(one.group(1)).matches());
    }

    private String resolve(String body) {
        return VARIABLE.matcher(body).replaceAll(one -> Matcher.quoteReplacement(value(one.group(1))));
    }

    private String value(String variable) {
        var now = NOW.matcher(variable);
        if (now.matches()) {
            return Long.toString(nowMs + (now.group(1) == null ? 0 : Long.parseLong(now.group(1))));
        }
        return kept.get(variable);
    }

    /** Keeps what stands at this path; false if the last answer has no such path. */
    boolean keep(String variable, String path) {
        var value = lastOutcome.containsKey("") || last == null
                ? null
                : Observed.raw(last).get(path);
        if (value == null || value.isEmpty()) {
            return false;
        }
        kept.put(variable, value);
        if (!path.endsWith(Observed.PRODUCER_ID) && value.length() < ID_CHARS_MIN) {
            return true; // a short one may stand for anything
        }
        symbols.put(path.endsWith(Observed.PRODUCER_ID) ? Observed.PRODUCER_ID + value : value, "<" + variable + ">");
        return true;
    }

    /** The last answer under the names that stand for its values by now. */
    SortedMap<String, String> lastAnswer() {
        return lastOutcome.containsKey("") ? lastOutcome : Observed.of(last, symbols);
    }

    /** After which errors it was asked again, by the step, and how often. */
    SortedMap<String, Integer> askedAgain() {
        return askedAgain;
    }

    SortedMap<String, String> call(Script.Call step, short version) throws IOException {
        var deadline = System.nanoTime() + UNTIL_MAX.toNanos();
        while (true) {
            var answer = askAndTake(step, version);
            var early = notYet(answer);
            if (early.isEmpty() && step.until().test(answer) || System.nanoTime() > deadline) {
                return answer;
            }
            early.ifPresent(error -> askedAgain.merge(name + " " + step.api() + " " + error, 1, Integer::sum));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private SortedMap<String, String> askAndTake(Script.Call step, short version) throws IOException {
        try {
            ask(step.connection(), step.api(), version, step.body(), true);
            return answer(step.connection());
        } catch (SocketException e) { // closed while it was asked
            hangUp(step.connection());
            return only(Observed.CLOSED);
        }
    }

    private Optional<String> notYet(SortedMap<String, String> answer) {
        return answer.entrySet().stream()
                .filter(line -> line.getKey().endsWith("rrorCode") && notYet.contains(line.getValue()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    void ask(String connection, ApiKeys api, short version, String body, boolean isAnswered) throws IOException {
        wire(connection).send(api, version, Fill.request(api, version, resolve(body)), isAnswered);
    }

    SortedMap<String, String> answer(String connection) throws IOException {
        try {
            Optional<ApiMessage> answer = wire(connection).receive();
            if (answer.isPresent()) {
                last = answer.get();
                lastOutcome = Observed.of(last, symbols);
                return lastOutcome;
            }
            hangUp(connection);
            return only(Observed.CLOSED);
        } catch (SocketTimeoutException e) {
            hangUp(connection);
            return only("no answer");
        }
    }

    SortedMap<String, String> raw(Script.Raw step) throws IOException {
        var wire = wire(step.connection());
        var bytes = step.bytes().apply(wire);
        if (step.isFramed()) {
            wire.sendFrame(bytes);
        } else {
            wire.sendRaw(bytes);
        }
        try {
            var answer = wire.receiveFrame();
            var text = answer.map(frame -> "an answer that begins with " + hex(frame))
                    .orElse(Observed.CLOSED);
            return only(text);
        } catch (SocketTimeoutException e) {
            return only("no answer");
        } finally {
            hangUp(step.connection());
        }
    }

    /** What stands behind the number of the request: mostly an error, or how many of something there are. */
    private static String hex(ByteBuffer frame) {
        var text = new StringBuilder();
        for (var i = 4; i < Math.min(6, frame.limit()); i++) {
            text.append(String.format("%02x", frame.get(i)));
        }
        return text.toString();
    }

    private SortedMap<String, String> only(String outcome) {
        lastOutcome = new TreeMap<>(Map.of("", outcome));
        return lastOutcome;
    }

    private Wire wire(String connection) throws IOException {
        var wire = wires.get(connection);
        if (wire == null) {
            wire = new Wire(address);
            wires.put(connection, wire);
        }
        return wire;
    }

    void hangUp(String connection) throws IOException {
        var wire = wires.remove(connection);
        if (wire != null) {
            wire.close();
        }
    }

    /** Forgets what belongs to one script. */
    void endScript() throws IOException {
        close();
        kept.clear();
        symbols.clear();
        last = null;
    }

    @Override
    public void close() throws IOException {
        for (var connection : wires.keySet().toArray(String[]::new)) {
            hangUp(connection);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
