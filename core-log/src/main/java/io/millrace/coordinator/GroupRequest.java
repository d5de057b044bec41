package io.millrace.coordinator;

import io.millrace.coordinator.assign.Partitions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What members of groups ask for. */
public sealed interface GroupRequest {

    String group();

    /**
     * JoinGroup.
     *
     * @param member its id, empty if it has none yet
     * @param instance its {@code group.instance.id}, null for a dynamic member
     * @param clientHost where it is, as Kafka writes it: {@code /127.0.0.1}
     * @param sessionTimeoutMs it counts as gone if it is not heard of for so long
     * @param rebalanceTimeoutMs how long others wait for it to join again
     * @param protocols what it can do, best first
     * @param idRequired whether a dynamic member without an id is told one and must ask again (version 4 and later)
     * @param assignmentSkippable whether a static leader can be told to keep the assignment (version 9 and later)
     */
    record Join(
            String group,
            String member,
            @Nullable String instance,
            String clientId,
            String clientHost,
            int sessionTimeoutMs,
            int rebalanceTimeoutMs,
            String protocolType,
            List<Protocol> protocols,
            boolean idRequired,
            boolean assignmentSkippable)
            implements GroupRequest {

        public Join {
            protocols = List.copyOf(protocols);
        }
    }

    /** One way of assigning that a member supports, and what it says to the leader in it; opaque. */
    record Protocol(String name, byte[] metadata) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Protocol that && name.equals(that.name) && Arrays.equals(metadata, that.metadata);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, Arrays.hashCode(metadata));
        }
    }

    /**
     * SyncGroup.
     *
     * @param protocolType what the member believes it to be, null if it does not say
     * @param protocol what the member believes was agreed upon, null if it does not say
     * @param assignments by member id; of the leader
     */
    record Sync(
            String group,
            String member,
            @Nullable String instance,
            int generation,
            @Nullable String protocolType,
            @Nullable String protocol,
            Map<String, byte[]> assignments)
            implements GroupRequest {

        public Sync {
            assignments = Map.copyOf(assignments);
        }
    }

    /** Heartbeat. */
    record Heartbeat(String group, String member, @Nullable String instance, int generation) implements GroupRequest {}

    /** LeaveGroup. */
    record Leave(String group, List<Leaver> leavers) implements GroupRequest {

        public Leave {
            leavers = List.copyOf(leavers);
        }
    }

    /** Who leaves: by member id, or, by an operator, by instance id alone with an empty member id. */
    record Leaver(String member, @Nullable String instance) {}

    /**
     * ConsumerGroupHeartbeat: a member joins, says what is new, stays, or leaves. What is null, or -1, has not changed.
     *
     * @param member its id, empty if it has none yet, which version 1 does not allow
     * @param epoch 0 to join, -1 to leave, -2 to go for a while as a static member
     * @param instance its {@code group.instance.id}, null for a dynamic member
     * @param clientHost where it is, as Kafka writes it: {@code /127.0.0.1}
     * @param rebalanceTimeoutMs how long it may take to let partitions go
     * @param topics that it reads
     * @param regex of topics that it reads, in the dialect of RE2
     * @param assignor that it would like
     * @param owned what it has not let go yet
     * @param idRequired whether members make their ids themselves (version 1 and later)
     * @param mayRead which topics it may know of: a regular expression stands for none of the others
     */
    record ConsumerHeartbeat(
            String group,
            String member,
            int epoch,
            @Nullable String instance,
            @Nullable String rack,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            @Nullable List<String> topics,
            @Nullable String regex,
            @Nullable String assignor,
            @Nullable Partitions owned,
            boolean idRequired,
            Predicate<String> mayRead)
            implements GroupRequest {

        /** Whether it says everything that there is to say: then it is told everything too. */
        boolean isFull() {
            return rebalanceTimeoutMs != -1 && (topics != null || regex != null) && owned != null;
        }
    }
}
