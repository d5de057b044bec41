package io.millrace.streams;

import io.millrace.streams.topology.Names;
import io.millrace.streams.topology.Operation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the operators of a topology. Belongs to the thread that writes it. */
public final class TopologyBuilder {

    private final String job;
    private final List<Draft> drafts = new ArrayList<>();
    private final Set<Class<?>> types = new LinkedHashSet<>();
    private ErrorPolicies policies = ErrorPolicies.FAIL;

    TopologyBuilder(String job) {
        this.job = Names.job(job);
    }

    /** The facts in a topic. */
    public <K, V> Stream<K, V> stream(Topic<K, V> topic) {
        return stream(
                Topics.of(List.of(topic.name()), topic.keys(), topic.values()),
                topic.timestamps(),
                topic.reset(),
                topic);
    }

    /** The facts in several topics. If their partition counts differ, what needs all records of a key gets an exchange. */
    public <K, V> Stream<K, V> stream(Topics<K, V> topics) {
        return stream(topics, topics.timestamps(), topics.reset(), null);
    }

    /** The latest value per key of a topic. The topic is the table's changelog: it should be compacted. */
    public <K, V> Table<K, V> table(Topic<K, V> topic) {
        TimestampExtractor<?, ?> timestamps = topic.timestamps();
        Draft draft = add(
                List.of(),
                () -> new Operation.ReadTable(
                        topic.name(),
                        topic.keys(),
                        topic.values(),
                        timestamps == null ? null : Erased.timestamps(timestamps)));
        draft.topic = topic;
        return new Table<>(draft);
    }

    /**
     * Foreign data.
     *
     * @param name stable: the source's position is committed under it
     */
    public <K, V> Stream<K, V> source(String name, Source<K, V> source) {
        Names.operator(name);
        return new Stream<>(add(List.of(), () -> new Operation.ReadSource(name, Erased.source(source))));
    }

    /** What the job does about all kinds of errors, where an operator has no policy of its own. */
    public TopologyBuilder onError(ErrorPolicy policy) {
        policies = ErrorPolicies.all(policy);
        return this;
    }

    /** What the job does about bytes that a source cannot read. */
    public TopologyBuilder onDeserializationError(ErrorPolicy policy) {
        policies = new ErrorPolicies(policy, policies.processing(), policies.production());
        return this;
    }

    /** What the job does about functions that throw. */
    public TopologyBuilder onProcessingError(ErrorPolicy policy) {
        policies = new ErrorPolicies(policies.deserialization(), policy, policies.production());
        return this;
    }

    /** What the job does about records that cannot be written. */
    public TopologyBuilder onProductionError(ErrorPolicy policy) {
        policies = new ErrorPolicies(policies.deserialization(), policies.processing(), policy);
        return this;
    }

    /**
     * Allows a class in state that is no record, enum, member of a sealed hierarchy or type of the JDK. It is stored by its
     * fields, which must not change as long as there is state.
     */
    public TopologyBuilder declareType(Class<?> type) {
        types.add(type);
        return this;
    }

    /** @throws IllegalStateException if the topology cannot run, such as one that reads a topic twice; the message says what to change */
    public Topology build() {
        return new Drafting(job, drafts, policies, types).topology();
    }

    String job() {
        return job;
    }

    Draft add(List<Draft> inputs, Supplier<Operation> operation) {
        Draft draft = new Draft(this, inputs, operation);
        drafts.add(draft);
        return draft;
    }

    private <K, V> Stream<K, V> stream(
            Topics<K, V> topics,
            @Nullable TimestampExtractor<?, ?> timestamps,
            OffsetReset reset,
            @Nullable Topic<?, ?> declared) {
        Draft draft = add(
                List.of(),
                () -> new Operation.ReadTopic(
                        topics.selection(),
                        topics.keys(),
                        topics.values(),
                        timestamps == null ? null : Erased.timestamps(timestamps),
                        reset));
        draft.topic = declared;
        return new Stream<>(draft);
    }
}
