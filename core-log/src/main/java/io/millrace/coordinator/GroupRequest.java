package io.millrace.coordinator;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What members of a classic group ask for. */
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
}
