package io.millrace.coordinator;

import io.millrace.coordinator.assign.Partitions;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A group of the consumer protocol as it is shown.
 *
 * @param epoch counts what is to be assigned
 * @param assignmentEpoch that was assigned last
 * @param assignor by which it is assigned
 * @param members in order of id
 */
public record DescribedConsumerGroup(
        String group, GroupState state, int epoch, int assignmentEpoch, String assignor, List<Member> members) {

    public DescribedConsumerGroup {
        members = List.copyOf(members);
    }

    /**
     * What was found under a name.
     *
     * @param group null if there is none, or none of the consumer protocol
     * @param isOther whether there is one of another protocol
     */
    public record Looked(@Nullable DescribedConsumerGroup group, boolean isOther) {}

    /**
     * A member as it is shown.
     *
     * @param instance its {@code group.instance.id} if it is a static member
     * @param epoch at which it is; -2 for a static member that is away
     * @param topics that it names
     * @param regex of more topics; empty or null if it has none
     * @param assignment what it has, and what it must let go
     * @param target what it is to have
     * @param classic whether it speaks the classic protocol
     */
    public record Member(
            String id,
            @Nullable String instance,
            @Nullable String rack,
            int epoch,
            String clientId,
            String clientHost,
            SortedSet<String> topics,
            @Nullable String regex,
            Partitions assignment,
            Partitions target,
            boolean classic) {}

    static DescribedConsumerGroup of(ConsumerGroup group, String assignor) {
        return new DescribedConsumerGroup(
                group.name(),
                group.state(),
                group.epoch(),
                group.targetEpoch(),
                assignor,
                group.members().stream().map(member -> of(group, member)).toList());
    }

    private static Member of(ConsumerGroup group, ConsumerMember member) {
        MemberProfile profile = member.profile();
        MemberProgress progress = member.progress();
        return new Member(
                member.id(),
                profile.instance(),
                profile.rack(),
                progress.epoch(),
                profile.clientId(),
                profile.clientHost(),
                profile.topics(),
                profile.regex(),
                progress.assigned().with(progress.revoking()).partitions(),
                group.target(member.id()),
                profile.isClassic());
    }
}
