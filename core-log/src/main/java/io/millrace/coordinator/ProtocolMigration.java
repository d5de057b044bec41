package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.coordinator.ConsumerRecord.Epoch;
import io.millrace.coordinator.ConsumerRecord.GroupEpoch;
import io.millrace.coordinator.ConsumerRecord.Profile;
import io.millrace.coordinator.ConsumerRecord.Progress;
import io.millrace.coordinator.ConsumerRecord.Target;
import io.millrace.coordinator.ConsumerRecord.TargetEpoch;
import io.millrace.coordinator.ConsumerRecord.TargetPartitions;
import io.millrace.coordinator.EmbeddedProtocol.Assignment;
import io.millrace.coordinator.EmbeddedProtocol.Subscription;
import io.millrace.coordinator.GroupRecord.Membership;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.MemberProfile.ClassicSide;
import io.millrace.coordinator.assign.Partitions;
import io.millrace.record.wire.MalformedMessageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Groups that change their protocol while members are in them. A classic group becomes one of the consumer protocol when the
 * first such member joins: the others stay with what they have, and go on speaking the classic protocol. It becomes a classic one
 * again when the last such member is gone. Stateless.
 */
final class ProtocolMigration {

    private static final int UNKNOWN_TIME = 0;

    private final ConsumerRules rules;

    ProtocolMigration(ConsumerRules rules) {
        this.rules = rules;
    }

    // ---- from the classic protocol

    /**
     * A classic group with members, as a group of the consumer protocol. Everybody has what the leader gave to it, and, while the
     * group rebalances, what it said it had and nobody was given since.
     *
     * @throws LogException GROUP_ID_NOT_FOUND if that cannot be
     */
    ConsumerDraft upgrade(String name, ClassicGroup classic) {
        requireUpgradable(name, classic);
        ConsumerDraft draft = new ConsumerDraft(new ConsumerGroup(name));
        draft.also(new Membership(name, null));
        String protocol = protocolOfAll(classic.members(), classic.protocol());
        Map<String, Partitions> given = new LinkedHashMap<>();
        classic.members().all().forEach(member -> given.put(member.id(), given(name, member)));
        Partitions givenToAll = Partitions.union(given.values());
        List<ConsumerMember> members = classic.members().all().stream()
                .map(member -> upgrade(name, classic, member, protocol, givenToAll))
                .toList();
        int epoch = classic.generation();
        members.forEach(member -> draft.write(new Profile(name, member.id(), member.profile())));
        long hash = ReadTopics.hash(draft.group().topics(), rules.topicsNow());
        draft.write(new Epoch(name, new GroupEpoch(epoch, hash)));
        given.forEach((id, target) -> draft.write(new TargetPartitions(name, id, target)));
        draft.write(new TargetEpoch(name, new Target(epoch, UNKNOWN_TIME)));
        members.forEach(member -> draft.write(new Progress(name, member.id(), member.progress())));
        return draft;
    }

    /**
     * By which all members have said what they read. While the group rebalances they may have come back without the protocol of
     * the last generation; nobody may be left at all.
     */
    private static String protocolOfAll(ClassicMembers members, @Nullable String agreed) {
        if (members.isEmpty()) {
            return "";
        }
        if (agreed != null && members.all().stream().allMatch(member -> member.supports(agreed))) {
            return agreed;
        }
        return members.vote();
    }

    private void requireUpgradable(String name, ClassicGroup classic) {
        ConsumerGroupLimits limits = rules.ofConsumers();
        if (!limits.migration().upgrades()) {
            throw notUpgradable(name, "online upgrade is disabled.");
        }
        if (!classic.isConsumers()) {
            throw notUpgradable(name, "the group does not use the consumer embedded protocol.");
        }
        if (classic.members().size() > limits.membersMax()) {
            throw notUpgradable(name, "the group size exceeds the consumer group maximum size.");
        }
    }

    private static LogException notUpgradable(String name, String why) {
        return new LogException(
                ErrorCode.GROUP_ID_NOT_FOUND,
                "Cannot upgrade classic group " + name + " to consumer group because " + why);
    }

    private ConsumerMember upgrade(
            String name, ClassicGroup classic, ClassicMember member, String protocol, Partitions givenToAll) {
        try {
            Subscription subscription = EmbeddedProtocol.subscription(member.metadata(protocol));
            MemberProfile profile =
                    MemberProfile.BLANK.told(member.asJoin(name), subscription.topics(), subscription.rack());
            int epoch = classic.generation();
            Holdings had = Holdings.of(ReadTopics.withIds(subscription.owned(), rules.topicsNow()), epoch);
            Holdings has = Holdings.of(given(name, member), epoch).with(had.without(givenToAll));
            MemberProgress progress = new MemberProgress(epoch, epoch, MemberState.STABLE, has, Holdings.NONE);
            return new ConsumerMember(member.id(), profile, progress);
        } catch (MalformedMessageException e) {
            throw malformed(name);
        }
    }

    /** What the leader gave to it, when somebody last led. */
    private Partitions given(String name, ClassicMember member) {
        try {
            Assignment given = EmbeddedProtocol.assignment(member.assignment());
            if (given.hasUserData()) {
                throw notUpgradable(
                        name,
                        "an unsupported custom assignor is in use. Please refer to the documentation or switch to a"
                                + " default assignor before re-attempting the upgrade.");
            }
            return ReadTopics.withIds(given.partitions(), rules.topicsNow());
        } catch (MalformedMessageException e) {
            throw malformed(name);
        }
    }

    private static LogException malformed(String name) {
        return notUpgradable(name, "the embedded consumer protocol is malformed.");
    }

    // ---- to the classic protocol

    /** Whether the group becomes a classic one when nobody but these is left. */
    boolean mayDowngrade(List<ConsumerMember> left) {
        return !left.isEmpty()
                && left.stream().allMatch(member -> member.profile().isClassic())
                && rules.ofConsumers().migration().downgrades()
                && left.size() <= rules.limits().membersMax();
    }

    /**
     * Turns the group of a draft, in which all members speak the classic protocol, into a classic one. If it goes on as it is,
     * everybody has what it was to have in the end.
     *
     * <p>If it is to rebalance, everybody has what it may have now. Kafka 4.3.1 writes the targets then too: should the group be
     * upgraded again before its leader has assigned, a member is given a partition that it never heard of, while the one that was
     * to let it go, and has not heard that either, still reads it.
     *
     * @param rebalances whether all are to join again
     */
    ClassicGroup downgrade(ConsumerDraft draft, boolean rebalances, long nowMs) {
        ConsumerGroup group = draft.group();
        TopicView topics = rules.topicsNow();
        Map<String, Partitions> shares = new LinkedHashMap<>();
        List<ClassicMember> members = new ArrayList<>();
        for (ConsumerMember member : group.members()) {
            ClassicSide side = Objects.requireNonNull(member.profile().classic(), "a classic member");
            members.add(ClassicMember.known(join(group.name(), member, side), member.id()));
            shares.put(member.id(), rebalances ? mayHave(member.progress()) : group.target(member.id()));
        }
        int generation = group.epoch();
        group.tombstones().forEach(draft::write);
        ClassicGroup classic = new ClassicGroup(group.name(), rules.limits(), generation, nowMs);
        GroupEffects written = new GroupEffects();
        classic.become(
                members,
                (member, protocol) -> EmbeddedProtocol.assignment(
                        shares.getOrDefault(member.id(), Partitions.NONE), topics, member.metadata(protocol)),
                nowMs,
                written);
        written.decision().records().forEach(draft::also);
        classic.resume(nowMs, new GroupEffects()); // nobody waits yet
        return classic;
    }

    private static Partitions mayHave(MemberProgress progress) {
        return progress.assigned().with(progress.revoking()).partitions();
    }

    private static Join join(String group, ConsumerMember member, ClassicSide side) {
        MemberProfile profile = member.profile();
        return new Join(
                group,
                member.id(),
                profile.instance(),
                profile.clientId(),
                profile.clientHost(),
                side.sessionTimeoutMs(),
                profile.rebalanceTimeoutMs(),
                SubscribedTopics.PROTOCOL_TYPE,
                side.protocols(),
                false,
                false);
    }
}
