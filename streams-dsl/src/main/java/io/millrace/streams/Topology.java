package io.millrace.streams;

import io.millrace.streams.topology.DeclaredTopic;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.TopologyText;
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

    /** The topics the job names, each once, by name. A dead-letter topic or a topic for late records has the defaults. */
    public List<DeclaredTopic> topics() {
        return topics;
    }

    /** What happens about errors where a node has no policy of its own. */
    public ErrorPolicies policies() {
        return policies;
    }

    /** Classes that may be in state although they are no records, enums or members of sealed hierarchies. */
    public Set<Class<?>> types() {
        return types;
    }

    /** As text: one line per operator with its id, what it does and what it reads. The same topology gives the same text. */
    public String describe() {
        return "topology of job " + job + "\n" + TopologyText.of(nodes, "  ");
    }

    /** As a graph in the DOT language. */
    public String dot() {
        StringBuilder text = new StringBuilder("digraph " + TopologyText.quoted(job) + " {\n  rankdir=LR;\n");
        nodes.forEach(node -> text.append(TopologyText.dot(node)));
        for (Node node : nodes) {
            for (String input : node.inputs()) {
                text.append("  " + TopologyText.quoted(input) + " -> " + TopologyText.quoted(node.id()) + ";\n");
            }
        }
        return text.append("}\n").toString();
    }

    @Override
    public String toString() {
        return "topology of job " + job + " with " + nodes.size() + " operators";
    }
}
