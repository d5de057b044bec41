package io.millrace.streams.runtime;

import io.millrace.client.TopicDescription;
import io.millrace.streams.plan.Fragment;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operations;
import io.millrace.streams.topology.TopicSelection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Lists what every task of a plan reads: partition p of a topic belongs to shard p, split i of a foreign source to shard i. */
final class TaskInputs {

    private TaskInputs() {}

    /**
     * @param topics that exist, by name
     * @throws JobFault if two sources read the same topic: a job has one position per partition. Names were checked
     *     before; this finds what matches a pattern
     */
    static List<TaskInput> of(Plan plan, Map<String, TopicDescription> topics) {
        List<TaskInput> found = new ArrayList<>();
        Map<String, String> readBy = new HashMap<>();
        for (Fragment fragment : plan.fragments()) {
            for (Node node : fragment.nodes()) {
                for (String topic : topicsOf(node, topics)) {
                    String other = readBy.putIfAbsent(topic, node.id());
                    if (other != null) {
                        throw JobFault.finalOne(Operations.secondReader(topic, other, node.id()));
                    }
                    int partitions = Objects.requireNonNull(topics.get(topic)).partitionCount();
                    for (int partition = 0; partition < partitions; partition++) {
                        found.add(new TaskInput(
                                fragment.index(), partition % plan.shardCount(), 0, node, topic, partition, null));
                    }
                }
                if (node.operation() instanceof Operation.ReadSource foreign) {
                    List<String> splits = foreign.source().splits();
                    for (int i = 0; i < splits.size(); i++) {
                        found.add(new TaskInput(
                                fragment.index(), i % plan.shardCount(), 0, node, null, -1, splits.get(i)));
                    }
                }
            }
        }
        return numbered(found);
    }

    private static List<TaskInput> numbered(List<TaskInput> found) {
        // The sort is stable: on equal partitions the order of the nodes stands.
        found.sort(Comparator.comparingInt(TaskInput::fragment)
                .thenComparingInt(TaskInput::shard)
                .thenComparingInt(TaskInput::partition));
        List<TaskInput> numbered = new ArrayList<>();
        TaskInput before = null;
        int index = 0;
        for (TaskInput input : found) {
            boolean sameTask =
                    before != null && before.fragment() == input.fragment() && before.shard() == input.shard();
            index = sameTask ? index + 1 : 0;
            numbered.add(new TaskInput(
                    input.fragment(),
                    input.shard(),
                    index,
                    input.source(),
                    input.topic(),
                    input.partition(),
                    input.split()));
            before = input;
        }
        return numbered;
    }

    private static List<String> topicsOf(Node node, Map<String, TopicDescription> topics) {
        if (!(node.operation() instanceof Operation.ReadTopic read)
                || !(read.topics() instanceof TopicSelection.Matching matching)) {
            return Operations.topicsByName(node.operation());
        }
        Pattern pattern = matching.pattern();
        return topics.values().stream()
                .filter(topic ->
                        !topic.internal() && pattern.matcher(topic.name()).matches())
                .map(TopicDescription::name)
                .sorted()
                .toList();
    }
}
