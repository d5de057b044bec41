package io.millrace.coordinator;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who is in a group, as far as it is written down. */
public sealed interface GroupMembership {

    /** Counts the changes of members. */
    int generation();

    /** Wall-clock time of the change. */
    long sinceMs();

    /**
     * A job of this process has, or had, the group for itself.
     *
     * @param member id of the member, null if the group is empty
     */
    record Claimed(int generation, @Nullable String member, long sinceMs) implements GroupMembership {}

    /**
     * Members that joined with the classic protocol and have got their assignments; or nobody any more.
     *
     * @param protocolType what the members are, such as {@code consumer} or {@code connect}; empty if nobody ever joined
     * @param protocol the one they agreed upon, null if the group is empty
     * @param leader who assigned, null if the group is empty
     * @param members in the order in which they joined
     */
    record Classic(
            int generation,
            String protocolType,
            @Nullable String protocol,
            @Nullable String leader,
            List<Member> members,
            long sinceMs)
            implements GroupMembership {

        public Classic {
            members = List.copyOf(members);
        }
    }

    /**
     * A member of a classic group.
     *
     * @param instance its {@code group.instance.id} if it is a static member
     * @param subscription what it joined with for the group's protocol; opaque
     * @param assignment what the leader gave it; opaque
     */
    record Member(
            String id,
            @Nullable String instance,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            byte[] subscription,
            byte[] assignment) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Member that
                    && id.equals(that.id)
                    && Objects.equals(instance, that.instance)
                    && clientId.equals(that.clientId)
                    && clientHost.equals(that.clientHost)
                    && rebalanceTimeoutMs == that.rebalanceTimeoutMs
                    && sessionTimeoutMs == that.sessionTimeoutMs
                    && Arrays.equals(subscription, that.subscription)
                    && Arrays.equals(assignment, that.assignment);
        }

        @Override
        public int hashCode() {
            return Objects.hash(id, instance, Arrays.hashCode(subscription), Arrays.hashCode(assignment));
        }
    }
}
