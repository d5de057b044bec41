package io.millrace.coordinator;

import io.millrace.coordinator.GroupMembership.Claimed;
import io.millrace.coordinator.GroupMembership.Classic;
import io.millrace.coordinator.GroupMembership.Member;
import io.millrace.coordinator.record.GroupMetadataValue;
import io.millrace.coordinator.record.GroupMetadataValue.MemberMetadata;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@link GroupMembership}s as Kafka keeps them: version (2) | GroupMetadataValue. Stateless.
 *
 * <p>An empty group looks the same whether its last member was a job or not, but only a job's positions never expire. So an
 * empty classic group is written in version 2, which differs from version 3 in the members alone, and these are none.
 */
final class MembershipCodec {

    /** The version that Kafka's readers of every supported release understand. */
    static final short VERSION = 3;

    private static final short VERSION_OF_EMPTY_CLASSIC = 2;

    private MembershipCodec() {}

    static byte[] write(GroupMembership membership) {
        if (membership instanceof Claimed claim) {
            return bytes(ClaimRecords.write(claim), VERSION);
        }
        Classic classic = (Classic) membership;
        GroupMetadataValue value = new GroupMetadataValue()
                .protocolType(classic.protocolType())
                .generation(classic.generation())
                .protocol(classic.protocol())
                .leader(classic.leader())
                .currentStateTimestamp(classic.sinceMs())
                .members(classic.members().stream().map(MembershipCodec::write).toList());
        return bytes(value, classic.members().isEmpty() ? VERSION_OF_EMPTY_CLASSIC : VERSION);
    }

    private static byte[] bytes(GroupMetadataValue value, short version) {
        ByteWriter out = new ByteWriter();
        out.int16(version);
        value.write(out, version);
        return out.toByteArray();
    }

    private static MemberMetadata write(Member member) {
        return new MemberMetadata()
                .memberId(member.id())
                .groupInstanceId(member.instance())
                .clientId(member.clientId())
                .clientHost(member.clientHost())
                .rebalanceTimeout(member.rebalanceTimeoutMs())
                .sessionTimeout(member.sessionTimeoutMs())
                .subscription(member.subscription())
                .assignment(member.assignment());
    }

    /** @throws io.millrace.record.wire.MalformedMessageException if it is damaged */
    static GroupMembership read(byte[] value) {
        ByteReader in = new ByteReader(value);
        short version = in.int16();
        GroupMetadataValue read = GroupMetadataValue.read(in, version);
        if (ClaimRecords.isClaim(read, version)) {
            return ClaimRecords.read(read);
        }
        List<Member> members =
                read.members().stream().map(MembershipCodec::read).toList();
        return new Classic(
                read.generation(),
                read.protocolType(),
                read.protocol(),
                read.leader(),
                members,
                read.currentStateTimestamp());
    }

    private static Member read(MemberMetadata member) {
        boolean timeoutIsKnown = member.rebalanceTimeout() >= 0;
        return new Member(
                member.memberId(),
                member.groupInstanceId(),
                member.clientId(),
                member.clientHost(),
                timeoutIsKnown ? member.rebalanceTimeout() : member.sessionTimeout(),
                member.sessionTimeout(),
                orNothing(member.subscription()),
                orNothing(member.assignment()));
    }

    private static byte[] orNothing(byte @Nullable [] bytes) {
        return Objects.requireNonNullElseGet(bytes, () -> new byte[0]);
    }
}
