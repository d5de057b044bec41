package io.millrace.coordinator;

import io.millrace.coordinator.GroupMembership.Claimed;
import io.millrace.coordinator.record.GroupMetadataValue;
import io.millrace.coordinator.record.GroupMetadataValue.MemberMetadata;
import java.util.List;

/** How the group of a job looks to Kafka's tools: one consumer, which names no topics. Stateless. */
final class ClaimRecords {

    private static final String PROTOCOL = "range";
    private static final String HOST = "/127.0.0.1";
    private static final int SESSION_TIMEOUT_MS = 45_000;

    /** A {@code ConsumerProtocolSubscription} or {@code …Assignment} that names nothing: version 0, no topics, no user data. */
    private static final byte[] NOTHING = {0, 0, 0, 0, 0, 0, -1, -1, -1, -1};

    private ClaimRecords() {}

    static DescribedGroup describe(Group group) {
        String member = group.claimant();
        if (member == null) {
            return new DescribedGroup(group.name(), GroupState.EMPTY, group.protocolType(), "", List.of());
        }
        DescribedMember described = new DescribedMember(member, null, member, HOST, NOTHING.clone(), NOTHING.clone());
        return new DescribedGroup(group.name(), GroupState.STABLE, group.protocolType(), PROTOCOL, List.of(described));
    }

    static GroupMetadataValue write(Claimed claim) {
        String member = claim.member();
        GroupMetadataValue value = new GroupMetadataValue()
                .protocolType(SubscribedTopics.PROTOCOL_TYPE)
                .generation(claim.generation())
                .currentStateTimestamp(claim.sinceMs());
        if (member == null) {
            return value.protocol(null).leader(null);
        }
        return value.protocol(PROTOCOL)
                .leader(member)
                .members(List.of(new MemberMetadata()
                        .memberId(member)
                        .clientId(member)
                        .clientHost(HOST)
                        .rebalanceTimeout(SESSION_TIMEOUT_MS)
                        .sessionTimeout(SESSION_TIMEOUT_MS)
                        .subscription(NOTHING.clone())
                        .assignment(NOTHING.clone())));
    }

    /**
     * Whether a job wrote this. A job's member is its client; the id of every other member is longer than its client's. A group
     * that is empty was a job's if it was written in the version for members with instance ids ({@link MembershipCodec}).
     */
    static boolean isClaim(GroupMetadataValue value, short version) {
        if (value.members().isEmpty()) {
            return version >= MembershipCodec.VERSION && value.protocolType().equals(SubscribedTopics.PROTOCOL_TYPE);
        }
        MemberMetadata first = value.members().get(0);
        return value.members().size() == 1 && first.memberId().equals(first.clientId());
    }

    static Claimed read(GroupMetadataValue value) {
        String member =
                value.members().isEmpty() ? null : value.members().get(0).memberId();
        return new Claimed(value.generation(), member, value.currentStateTimestamp());
    }
}
