package io.millrace.coordinator;

import io.millrace.coordinator.assign.Assignor;
import io.millrace.coordinator.assign.RangeAssignor;
import io.millrace.coordinator.assign.UniformAssignor;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What holds for all consumer groups of a coordinator: limits, times and assignors.
 *
 * @param limits of the node
 * @param settings of single groups
 * @param topics at this moment
 * @param regexes compiled
 */
record ConsumerRules(GroupLimits limits, GroupSettings settings, Supplier<TopicView> topics, RegexCache regexes) {

    private static final Map<String, Assignor> ASSIGNORS =
            Map.of("uniform", new UniformAssignor(), "range", new RangeAssignor());

    ConsumerGroupLimits ofConsumers() {
        return limits.consumers();
    }

    TopicView topicsNow() {
        return topics.get();
    }

    int sessionTimeoutMs(String group) {
        ConsumerGroupLimits all = limits.consumers();
        return settings.number(
                group,
                GroupSettings.CONSUMER_SESSION_TIMEOUT_MS,
                all.sessionTimeoutMs(),
                all.sessionTimeoutMsMin(),
                all.sessionTimeoutMsMax());
    }

    int heartbeatIntervalMs(String group) {
        ConsumerGroupLimits all = limits.consumers();
        return settings.number(
                group,
                GroupSettings.CONSUMER_HEARTBEAT_INTERVAL_MS,
                all.heartbeatIntervalMs(),
                all.heartbeatIntervalMsMin(),
                all.heartbeatIntervalMsMax());
    }

    int assignmentIntervalMs(String group) {
        ConsumerGroupLimits all = limits.consumers();
        return settings.number(
                group,
                GroupSettings.CONSUMER_ASSIGNMENT_INTERVAL_MS,
                all.assignmentIntervalMs(),
                all.assignmentIntervalMsMin(),
                all.assignmentIntervalMsMax());
    }

    /** The name that most members would like, of equals the first in the alphabet; the node's if nobody cares. */
    String assignorName(ConsumerGroup group) {
        Map<String, Integer> votes = new TreeMap<>();
        for (ConsumerMember member : group.members()) {
            String wanted = member.profile().assignor();
            if (wanted != null && ofConsumers().assignors().contains(wanted)) {
                votes.merge(wanted, 1, Integer::sum);
            }
        }
        Optional<String> most = Optional.empty();
        for (Map.Entry<String, Integer> vote : votes.entrySet()) {
            if (most.isEmpty() || vote.getValue() > votes.getOrDefault(most.get(), 0)) {
                most = Optional.of(vote.getKey());
            }
        }
        return most.orElse(ofConsumers().assignors().get(0));
    }

    Assignor assignor(ConsumerGroup group) {
        return ASSIGNORS.getOrDefault(assignorName(group), new UniformAssignor());
    }
}
