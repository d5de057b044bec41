package io.millrace.streams;

import io.millrace.streams.topology.DeclaredTopic;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.NodeIds;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Turns drafts into an immutable topology, or says what is wrong with them. */
final class Drafting {

    /**
     * Of topics for late records and dead letters: they keep their records until somebody has looked. Event times are old by
     * nature there, and a retention counted from them would delete records as they come.
     */
    private static final Map<String, String> ASIDE_CONFIGS = Map.of("retention.ms", "-1");

    private final String job;
    private final List<Draft> drafts;
    private final ErrorPolicies policies;
    private final Set<Class<?>> types;
    private final Map<String, DeclaredTopic> topics = new TreeMap<>();
    private final Map<String, String> readBy = new HashMap<>();

    Drafting(String job, List<Draft> drafts, ErrorPolicies policies, Set<Class<?>> types) {
        this.job = job;
        this.drafts = drafts;
        this.policies = policies;
        this.types = types;
    }

    /** Drafts are made after their inputs, so their order is topological already. */
    Topology topology() {
        if (drafts.isEmpty()) {
            throw new IllegalStateException(
                    "the topology of job " + job + " is empty; begin with stream(topic), table(topic) or source(...)");
        }
        NodeIds ids = new NodeIds(job);
        Map<Draft, Integer> indexes = new HashMap<>();
        for (Draft draft : drafts) {
            List<Integer> inputs = draft.inputs.stream().map(indexes::get).toList();
            indexes.put(draft, ids.add(operation(draft), inputs, draft.name));
        }
        List<Node> nodes = new ArrayList<>();
        List<String> idOf = ids.assign();
        for (Draft draft : drafts) {
            nodes.add(node(draft, idOf, indexes));
        }
        declare(policies.deserialization());
        declare(policies.processing());
        declare(policies.production());
        return new Topology(job, nodes, List.copyOf(topics.values()), policies, types);
    }

    private Node node(Draft draft, List<String> idOf, Map<Draft, Integer> indexes) {
        List<String> inputs = draft.inputs.stream()
                .map(input -> idOf.get(index(indexes, input)))
                .toList();
        String id = idOf.get(index(indexes, draft));
        if (draft.topic != null) {
            declare(id, draft.topic, draft.inputs.isEmpty());
        }
        if (draft.lateTopic != null) {
            declareAside(draft.lateTopic);
        } else if (draft.lateTo != null) {
            declareAside(draft.lateTo.topic());
        }
        if (draft.errorPolicy != null) {
            declare(draft.errorPolicy);
        }
        Operation operation = operation(draft);
        Operations.topicsByName(operation).forEach(topic -> refuseSecondReader(topic, id));
        return new Node(id, inputs, operation, draft.errorPolicy, draft.lateTo);
    }

    private static int index(Map<Draft, Integer> indexes, Draft draft) {
        Integer index = indexes.get(draft);
        if (index == null) {
            throw new IllegalStateException("an input belongs to another topology");
        }
        return index;
    }

    private Operation operation(Draft draft) {
        Operation operation = draft.operation.get();
        if (operation instanceof Operation.Split split && drafts.stream().noneMatch(d -> d.inputs.contains(draft))) {
            throw new IllegalStateException(
                    "a split of job " + job + " with " + split.predicates().size()
                            + " predicates leads nowhere; take its ways out with when(...) and otherwise()");
        }
        return operation;
    }

    // ---- topics

    /** What a pattern matches is known at the start only. */
    private void refuseSecondReader(String topic, String node) {
        String other = readBy.putIfAbsent(topic, node);
        if (other != null) {
            throw new IllegalStateException(Operations.secondReader(topic, other, node));
        }
    }

    private void declare(String node, Topic<?, ?> topic, boolean read) {
        DeclaredTopic known = topics.get(topic.name());
        if (known == null) {
            topics.put(topic.name(), new DeclaredTopic(topic.name(), topic.partitions(), topic.configs(), read));
            return;
        }
        if (known.partitions() != 0 && topic.partitions() != 0 && known.partitions() != topic.partitions()) {
            throw new IllegalStateException(
                    "topic " + topic.name() + " is declared with " + known.partitions() + " partitions and, at " + node
                            + ", with " + topic.partitions() + "; declare it once and reuse it");
        }
        Map<String, String> configs = new TreeMap<>(known.configs());
        topic.configs().forEach((key, value) -> {
            String before = configs.put(key, value);
            if (before != null && !before.equals(value)) {
                throw new IllegalStateException("topic " + topic.name() + " is declared with " + key + "=" + before
                        + " and, at " + node + ", with " + key + "=" + value + "; declare it once and reuse it");
            }
        });
        topics.put(
                topic.name(),
                new DeclaredTopic(
                        topic.name(), Math.max(known.partitions(), topic.partitions()), configs, known.read() || read));
    }

    private void declare(ErrorPolicy policy) {
        if (policy instanceof ErrorPolicy.DeadLetter deadLetter) {
            declareAside(deadLetter.topic());
        }
    }

    private void declareAside(String topic) {
        topics.putIfAbsent(topic, new DeclaredTopic(topic, 0, ASIDE_CONFIGS, false));
    }

    private void declareAside(Topic<?, ?> topic) {
        Map<String, String> configs = new TreeMap<>(ASIDE_CONFIGS);
        configs.putAll(topic.configs());
        topics.putIfAbsent(topic.name(), new DeclaredTopic(topic.name(), topic.partitions(), configs, false));
    }
}
