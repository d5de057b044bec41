package io.millrace.streams.plan;

import io.millrace.streams.plan.Placement.Anywhere;
import io.millrace.streams.plan.Placement.ByKey;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.ReadTable;
import io.millrace.streams.topology.Operation.ReadTopic;
import io.millrace.streams.topology.TopicSelection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The partition counts of the topics that a topology reads. */
final class SourcePartitions {

    private final TopicPartitions topics;

    SourcePartitions(TopicPartitions topics) {
        this.topics = topics;
    }

    /** How the records of a source are spread. */
    Placement placement(Node node) {
        if (node.operation() instanceof ReadTable table) {
            return ByKey.ofTopic(count(node, table.topic()), table.keys());
        }
        if (node.operation() instanceof ReadTopic read) {
            NavigableSet<Integer> counts = counts(node, read);
            return counts.size() == 1
                    ? ByKey.ofTopic(counts.first(), read.keys())
                    : new Anywhere("the topics of " + node.id() + " have different partition counts, " + counts);
        }
        return new Anywhere(node.id() + " is foreign data that is not spread by key");
    }

    /** Largest partition count that a node asks for, 0 if it asks for none. */
    int largest(Node node) {
        Operation operation = node.operation();
        if (operation instanceof ReadTable table) {
            return count(node, table.topic());
        }
        if (operation instanceof ReadTopic read) {
            return counts(node, read).last();
        }
        return operation instanceof Operation.Repartition repartition ? repartition.partitions() : 0;
    }

    private NavigableSet<Integer> counts(Node node, ReadTopic read) {
        List<String> names = read.topics() instanceof TopicSelection.Named named
                ? named.topics()
                : topics.matching(((TopicSelection.Matching) read.topics()).pattern());
        if (names.isEmpty()) {
            throw new PlanningException(
                    "no topic matches the pattern of " + node.id() + "; create at least one, or change the pattern");
        }
        NavigableSet<Integer> counts = new TreeSet<>();
        names.forEach(name -> counts.add(count(node, name)));
        return counts;
    }

    private int count(Node node, String topic) {
        int count = topics.partitionCount(topic);
        if (count <= 0) {
            throw new PlanningException("topic " + topic + ", read by " + node.id()
                    + ", does not exist; create it, or declare it with Topic.partitions(n)");
        }
        return count;
    }
}
