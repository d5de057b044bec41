package io.millrace.coordinator;

import java.util.List;

/**
 * A group as it is shown.
 *
 * @param state DEAD if there is no such group
 * @param protocolType empty for a group that only stores positions
 * @param protocol that the members agreed upon; empty unless the group is stable
 * @param problem why it is DEAD, in Kafka's words, which clients look for; empty if it is not
 */
public record DescribedGroup(
        String group,
        GroupState state,
        String protocolType,
        String protocol,
        List<DescribedMember> members,
        String problem) {

    public DescribedGroup {
        members = List.copyOf(members);
    }

    /** A group that is there. */
    public DescribedGroup(
            String group, GroupState state, String protocolType, String protocol, List<DescribedMember> members) {
        this(group, state, protocolType, protocol, members, "");
    }

    static DescribedGroup dead(String group, String problem) {
        return new DescribedGroup(group, GroupState.DEAD, "", "", List.of(), problem);
    }
}
