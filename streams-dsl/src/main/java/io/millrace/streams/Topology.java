package io.millrace.streams;

import io.millrace.streams.plan.Plan;
import io.millrace.streams.plan.Planner;
import io.millrace.streams.plan.TopicPartitions;
import io.millrace.streams.runtime.JobRuntime;
import io.millrace.streams.topology.DeclaredTopic;
import io.millrace.streams.topology.Node;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The graph of a job: operators with stable ids. Immutable data that can be described, planned and tested without running.
 *
 * <p>Write one with {@link #define}.
 */
public final class Topology {

    private final String job;
    private final List<Node> nodes;
    private final List<DeclaredTopic> topics;
    private final ErrorPolicies policies;
    private final Set<Class<?>> types;

    Topology(String job, List<Node> nodes, List<DeclaredTopic> topics, ErrorPolicies policies, Set<Class<?>> types) {
        this.job = job;
        this.nodes = List.copyOf(nodes);
        this.topics = List.copyOf(topics);
        this.policies = policies;
        this.types = Set.copyOf(types);
    }

    /** Begins a topology. The job's name stands for its group, its transactions and its state: keep it. */
    public static TopologyBuilder define(String job) {
        return new TopologyBuilder(job);
    }

    public String job() {
        return job;
    }

    /** In topological order: a node comes after its inputs. */
    public List<Node> nodes() {
        return nodes;
    }

    /** The same topology with its nodes replaced one by one, for tools that watch the functions of users. Ids and inputs must stay. */
    public Topology withNodes(UnaryOperator<Node> replacement) {
        return new Topology(job, nodes.stream().map(replacement).toList(), topics, policies, types);
    }

    /** @throws NoSuchElementException if there is none */
    public Node node(String id) {
        return nodes.stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("job " + job + " has no operator " + id));
    }

    /** The topics the job names, each once, by name. Dead-letter topics and topics for late records, too. */
    public List<DeclaredTopic> topics() {
        return topics;
    }

    /** What happens about errors where a node has no policy of its own. */
    public ErrorPolicies policies() {
        return policies;
    }

    /** Whether any record may go to a dead-letter topic. */
    public boolean hasDeadLetters() {
        return policies.deserialization() instanceof ErrorPolicy.DeadLetter
                || policies.processing() instanceof ErrorPolicy.DeadLetter
                || policies.production() instanceof ErrorPolicy.DeadLetter
                || nodes.stream().anyMatch(node -> node.errorPolicy() instanceof ErrorPolicy.DeadLetter);
    }

    /** Classes that may be in state although they are no records, enums or members of sealed hierarchies. */
    public Set<Class<?>> types() {
        return types;
    }

    /**
     * How the job runs on an empty node, where it creates the topics it reads as they are declared: fragments, exchanges and
     * stores. {@link Job#describe} shows it as it runs on the topics that are there.
     *
     * @throws io.millrace.streams.plan.PlanningException if it cannot run; the message says what to change
     */
    public Plan plan() {
        return Planner.plan(this, TopicPartitions.declaredBy(this));
    }

    /**
     * As text: the operators with their ids, what they do and what they read, by fragment; each exchange and its reason; the
     * stores. The same topology gives the same text. See {@link #plan} for the topics it is about.
     */
    public String describe() {
        return plan().describe();
    }

    /** As {@link #describe()}, with the lanes that run it on this machine, their rings and stages. */
    public String describe(JobOptions options) {
        return plan().describe(
                        JobRuntime.layout(options.lanesOn(Runtime.getRuntime().availableProcessors())));
    }

    /** As {@link #describe()}, as a graph in the DOT language. */
    public String dot() {
        return plan().dot();
    }

    @Override
    public String toString() {
        return "topology of job " + job + " with " + nodes.size() + " operators";
    }
}
