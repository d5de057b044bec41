package io.millrace.coordinator;

import java.util.List;

/**
 * A group as it is shown.
 *
 * @param state DEAD if there is no such group
 * @param protocolType empty for a group that only stores positions
 * @param protocol that the members agreed upon; empty unless the group is stable
 */
public record DescribedGroup(
        String group, GroupState state, String protocolType, String protocol, List<DescribedMember> members) {

    public DescribedGroup {
        members = List.copyOf(members);
    }
}
