package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.coordinator.EmbeddedProtocol.Subscription;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.GroupRequest.Sync;
import io.millrace.coordinator.MemberProfile.ClassicSide;
import io.millrace.record.wire.MalformedMessageException;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Members of a group of the consumer protocol that speak the classic protocol. They lead nothing and wait for nobody: joining
 * takes them one step towards their target, and syncing tells them what they have by then. Whenever there is more to do they are
 * told that the group rebalances, so that they join again. Stateless but for the source of ids; refuses with a
 * {@link LogException}.
 */
final class ClassicGuests {

    private final ConsumerRules rules;
    private final ConsumerBeats beats;
    private final ProtocolMigration migration;
    private final Supplier<UUID> ids;

    ClassicGuests(ConsumerRules rules, ConsumerBeats beats, ProtocolMigration migration, Supplier<UUID> ids) {
        this.rules = rules;
        this.beats = beats;
        this.migration = migration;
        this.ids = ids;
    }

    /**
     * Takes the member in, and one step on; the group is a classic one again if this is the successor of the last member that
     * spoke the consumer protocol.
     */
    Joined join(Group group, ConsumerDraft draft, Join request, long nowMs) {
        Subscription subscription = requireFits(draft.group(), request);
        boolean isNew = request.member().isEmpty();
        String id = isNew ? ids.get().toString() : request.member();
        beats.requireRoom(draft.group(), id);
        if (isNew && request.instance() == null && request.idRequired()) {
            return Joined.refused(ErrorCode.MEMBER_ID_REQUIRED, id);
        }
        ConsumerMember before = member(draft, request, id, !subscription.owned().isEmpty());
        TopicView topics = rules.topicsNow();
        ConsumerSteps steps = new ConsumerSteps(rules, group.sessions(), draft, topics, nowMs);
        MemberProfile profile = before.profile().told(request, subscription.topics(), subscription.rack());
        boolean readsOther = steps.tell(before, profile, name -> true);
        if (readsOther || topics != group.seen()) {
            steps.count(readsOther);
        }
        boolean leavesConsumers = !before.profile().isClassic() && draft.group().find(before.id()) != null;
        boolean downgrades = leavesConsumers && mayDowngrade(draft.group());
        boolean isStale = draft.group().targetEpoch() < draft.group().epoch();
        if (!downgrades) {
            steps.assign();
        }
        ConsumerMember after = before.with(profile);
        if (!downgrades || !isStale) {
            after = steps.reconcile(id, readsOther, ReadTopics.withIds(subscription.owned(), topics));
        }
        if (downgrades) {
            // Kafka 4.3.1 looks at the first alone, and then two may read what one of them is only about to let go.
            boolean rebalances = isStale || !allAreReconciled(draft.group());
            ClassicGroup classic = migration.downgrade(draft, rebalances, nowMs);
            if (rebalances) {
                classic.prepare(nowMs, new GroupEffects()); // nobody waits yet
            }
            group.expect(classic);
        } else {
            group.sessions().renew(id, nowMs + request.sessionTimeoutMs());
            group.sessions().joined(id, nowMs + request.rebalanceTimeoutMs());
        }
        return new Joined(
                ErrorCode.NONE,
                id,
                after.progress().epoch(),
                SubscribedTopics.PROTOCOL_TYPE,
                request.protocols().get(0).name(),
                "",
                false,
                List.of());
    }

    private static boolean allAreReconciled(ConsumerGroup group) {
        return group.members().stream().allMatch(member -> member.progress().isReconciledTo(group.targetEpoch()));
    }

    private boolean mayDowngrade(ConsumerGroup group) {
        return migration.mayDowngrade(List.copyOf(group.members()));
    }

    private Subscription requireFits(ConsumerGroup group, Join request) {
        if (rules.ofConsumers().migration() == MigrationPolicy.DISABLED) {
            throw new LogException(
                    ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                    "Cannot join the consumer group " + group.name()
                            + " with the classic protocol because the group migration is disabled.");
        }
        List<ConsumerMember> others = group.classicMembers();
        boolean fits = SubscribedTopics.PROTOCOL_TYPE.equals(request.protocolType())
                && request.protocols().stream().map(Protocol::name).anyMatch(name -> allSupport(others, name));
        if (fits) {
            try {
                // All are looked at: the group may come to use any of them when it is a classic one again.
                List<Subscription> said = request.protocols().stream()
                        .map(protocol -> EmbeddedProtocol.subscription(protocol.metadata()))
                        .toList();
                return said.get(0);
            } catch (MalformedMessageException e) {
                throw notSupported(request);
            }
        }
        throw notSupported(request);
    }

    private static boolean allSupport(List<ConsumerMember> members, String protocol) {
        return members.stream()
                .map(member -> member.profile().classic())
                .allMatch(side -> side != null && side.supports(protocol));
    }

    private static LogException notSupported(Join request) {
        return new LogException(
                ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                "Member " + request.member() + "'s protocols are not supported.");
    }

    /**
     * Whoever has an id that nobody knows was told it just now, or was a member and has not heard that it is none any more: then
     * it may have what others were given meanwhile, and must not go on with it.
     */
    private static ConsumerMember member(ConsumerDraft draft, Join request, String id, boolean hasSomething) {
        String instance = request.instance();
        boolean isNew = request.member().isEmpty();
        if (instance == null) {
            ConsumerMember known = draft.group().find(id);
            return known != null || (hasSomething && !isNew)
                    ? ConsumerBeats.require(known, id, draft.group())
                    : ConsumerMember.blank(id);
        }
        ConsumerMember known = draft.group().findStatic(instance);
        if (!isNew) {
            return ConsumerBeats.requireStatic(known, id, instance);
        }
        return known == null ? ConsumerMember.blank(id) : draft.replace(known, id);
    }

    /** What the member has. */
    Synced sync(Group group, ConsumerGroup members, Sync request, long nowMs) {
        ConsumerMember member = find(members, request.member(), request.instance());
        ClassicSide side = requireClassic(member);
        requireGeneration(member, request.generation());
        boolean contradicts = differs(request.protocolType(), SubscribedTopics.PROTOCOL_TYPE)
                || differs(request.protocol(), side.first().name());
        if (contradicts) {
            throw new LogException(
                    ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                    "The protocol of member " + member.id() + " is not the one that it was told when it joined.");
        }
        boolean revokes = member.progress().state() == MemberState.UNREVOKED_PARTITIONS;
        if (members.targetEpoch() > member.progress().epoch() && !revokes) {
            tellToJoin(group, member, nowMs);
            throw new LogException(
                    ErrorCode.REBALANCE_IN_PROGRESS,
                    "A new rebalance is triggered in group " + members.name() + " and member " + member.id()
                            + " should rejoin to catch up.");
        }
        group.sessions().synced(member.id());
        group.sessions().renew(member.id(), nowMs + side.sessionTimeoutMs());
        byte[] assignment = EmbeddedProtocol.assignment(
                member.progress().assigned().partitions(),
                rules.topicsNow(),
                side.first().metadata());
        return new Synced(ErrorCode.NONE, request.protocolType(), request.protocol(), assignment);
    }

    private static boolean differs(@Nullable String believed, String known) {
        return believed != null && !believed.equals(known);
    }

    /** NONE, or REBALANCE_IN_PROGRESS if joining again takes it further. */
    ErrorCode heartbeat(Group group, ConsumerGroup members, Heartbeat request, long nowMs) {
        ConsumerMember member = find(members, request.member(), request.instance());
        ClassicSide side = requireClassic(member);
        requireGeneration(member, request.generation());
        group.sessions().renew(member.id(), nowMs + side.sessionTimeoutMs());
        MemberProgress progress = member.progress();
        boolean goesOn = progress.epoch() < members.targetEpoch()
                || progress.state() == MemberState.UNREVOKED_PARTITIONS
                || (progress.state() == MemberState.UNRELEASED_PARTITIONS && !waits(members, member));
        if (goesOn) {
            tellToJoin(group, member, nowMs);
        }
        return goesOn ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    private static void tellToJoin(Group group, ConsumerMember member, long nowMs) {
        group.sessions().awaitsJoin(member.id(), nowMs + member.profile().rebalanceTimeoutMs());
    }

    /** Whether others have something that it is to have. */
    private static boolean waits(ConsumerGroup members, ConsumerMember member) {
        Holdings has = member.progress().assigned();
        return members.target(member.id()).byTopic().entrySet().stream().anyMatch(ofTopic -> ofTopic.getValue().stream()
                .anyMatch(partition -> has.epochOf(ofTopic.getKey(), partition) == null
                        && members.owner(ofTopic.getKey(), partition) != null));
    }

    /** Whom a LeaveGroup names: by member id, or by instance id alone. */
    static ConsumerMember leaver(ConsumerGroup members, Leaver leaver) {
        String instance = leaver.instance();
        ConsumerMember named = instance == null ? null : members.findStatic(instance);
        if (named != null && leaver.member().isEmpty()) {
            return named;
        }
        return find(members, leaver.member(), instance);
    }

    private static ConsumerMember find(ConsumerGroup members, String id, @Nullable String instance) {
        return instance == null
                ? ConsumerBeats.require(members.find(id), id, members)
                : ConsumerBeats.requireStatic(members.findStatic(instance), id, instance);
    }

    private static ClassicSide requireClassic(ConsumerMember member) {
        ClassicSide side = member.profile().classic();
        if (side == null) {
            throw new LogException(
                    ErrorCode.UNKNOWN_MEMBER_ID, "Member " + member.id() + " does not use the classic protocol.");
        }
        return side;
    }

    private static void requireGeneration(ConsumerMember member, int generation) {
        if (member.progress().epoch() != generation) {
            throw new LogException(
                    ErrorCode.ILLEGAL_GENERATION,
                    "The request generation id " + generation + " is not equal to the member epoch "
                            + member.progress().epoch() + " of member " + member.id() + ".");
        }
    }
}
