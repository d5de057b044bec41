package io.millrace.conformance.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Calls in their order. A body is JSON that names the fields of Kafka's request; {@code ${name}} in it stands for what was kept
 * under that name, {@code ${now+5}} for a time. A call of an API or version that one of the two does not serve is left out, and
 * so is what needs its answer.
 */
final class Script {

    /** The newest version that both serve. */
    static final int NEWEST = -1;

    /** Every version that both serve, one after another. */
    static final int EVERY = -2;

    private static final String MAIN = "main";

    sealed interface Step permits Call, Ask, Answer, Keep, Raw, HangUp {}

    /** Asks and takes the answer; again and again until the answer is as is wanted. */
    record Call(
            String name,
            String connection,
            ApiKeys api,
            int version,
            String body,
            Predicate<Map<String, String>> until,
            boolean isCompared)
            implements Step {}

    /** Asks and goes on. */
    record Ask(String name, String connection, ApiKeys api, int version, String body, boolean isAnswered)
            implements Step {}

    /** Takes the answer to what was asked before on this connection. */
    record Answer(String name, String connection) implements Step {}

    /** Keeps what stands at this path of the last answer. */
    record Keep(String variable, String path) implements Step {}

    /** Bytes with a length in front or not, made by a connection that can write requests; then the answer's bytes. */
    record Raw(String name, String connection, Function<Wire, byte[]> bytes, boolean isFramed) implements Step {}

    record HangUp(String connection) implements Step {}

    private final String name;
    private final List<ApiKeys> needed = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private String connection = MAIN;

    Script(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    List<Step> steps() {
        return steps;
    }

    List<ApiKeys> needed() {
        return needed;
    }

    /** Without this API nothing in the script makes sense. */
    Script needs(ApiKeys... apis) {
        needed.addAll(List.of(apis));
        return this;
    }

    /** What follows goes over this connection. */
    Script on(String newConnection) {
        connection = newConnection;
        return this;
    }

    Script call(String what, ApiKeys api, int version, String body) {
        steps.add(new Call(what, connection, api, version, body, all -> true, true));
        return this;
    }

    Script newest(String what, ApiKeys api, String body) {
        return call(what, api, NEWEST, body);
    }

    Script every(String what, ApiKeys api, String body) {
        return call(what, api, EVERY, body);
    }

    /** Until the answer is as it must become; only that answer is compared. */
    Script await(String what, ApiKeys api, int version, String body, Predicate<Map<String, String>> until) {
        steps.add(new Call(what, connection, api, version, body, until, true));
        return this;
    }

    /** Brings both to where the next step begins; not compared. */
    Script prepare(String what, ApiKeys api, int version, String body, Predicate<Map<String, String>> until) {
        steps.add(new Call(what, connection, api, version, body, until, false));
        return this;
    }

    Script ask(String what, ApiKeys api, int version, String body) {
        steps.add(new Ask(what, connection, api, version, body, true));
        return this;
    }

    /** A request that has no answer. */
    Script tell(String what, ApiKeys api, int version, String body) {
        steps.add(new Ask(what, connection, api, version, body, false));
        return this;
    }

    Script answer(String what) {
        steps.add(new Answer(what, connection));
        return this;
    }

    Script keep(String variable, String path) {
        steps.add(new Keep(variable, path));
        return this;
    }

    /** A frame with its length in front. */
    Script frame(String what, Function<Wire, byte[]> bytes) {
        steps.add(new Raw(what, connection, bytes, true));
        return this;
    }

    Script raw(String what, Function<Wire, byte[]> bytes) {
        steps.add(new Raw(what, connection, bytes, false));
        return this;
    }

    Script hangUp() {
        steps.add(new HangUp(connection));
        return this;
    }

    /** Makes topics and waits until clients may use them. */
    Script topic(String topic, int partitions, String configs) {
        return prepare(
                        "makes " + topic,
                        ApiKeys.CREATE_TOPICS,
                        5,
                        "{topics: [{name: '" + topic + "', numPartitions: " + partitions
                                + ", replicationFactor: 1, configs: [" + configs + "]}], timeoutMs: 10000}",
                        all -> true)
                .prepare(
                        "waits for " + topic,
                        ApiKeys.METADATA,
                        12,
                        "{topics: [{name: '" + topic + "'}], allowAutoTopicCreation: false}",
                        all -> "0 NONE".equals(all.get("topics[" + topic + "].partitions[0].errorCode")))
                .keep("id-" + topic, "topics[" + topic + "].topicId");
    }

    Script topic(String topic) {
        return topic(topic, 1, "");
    }

    static String config(String key, String value) {
        return "{name: '" + key + "', value: '" + value + "'}";
    }
}
