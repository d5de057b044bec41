package io.millrace.streams.runtime;

import io.millrace.client.CommittedOffset;
import io.millrace.client.Producer;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.streams.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt knows of the log before it restores its state.
 *
 * @param producer ready: everything older is fenced, and its last transaction complete
 * @param plan of the topics there are
 * @param inputs of all tasks
 * @param inputIds ids of the topics among them, by name
 * @param outputs the topics that are known to be written to
 * @param changelog null for a job without state
 * @param offsets the group's committed positions
 */
record Prepared(
        Producer producer,
        Plan plan,
        List<TaskInput> inputs,
        Map<String, UUID> inputIds,
        List<OutputTopic> outputs,
        @Nullable TopicDescription changelog,
        Map<TopicPartition, CommittedOffset> offsets) {

    Prepared {
        inputs = List.copyOf(inputs);
        inputIds = Map.copyOf(inputIds);
        outputs = List.copyOf(outputs);
        offsets = Map.copyOf(offsets);
    }

    static String changelogOf(String job) {
        return job + "-changelog";
    }
}
