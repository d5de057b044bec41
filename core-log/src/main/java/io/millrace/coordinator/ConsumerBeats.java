package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.coordinator.GroupReply.Beat;
import io.millrace.coordinator.GroupRequest.ConsumerHeartbeat;
import io.millrace.coordinator.assign.Partitions;
import org.jspecify.annotations.Nullable;

/**
 * What a ConsumerGroupHeartbeat may say, and what it leads to in its group, other than that the member leaves. Stateless. Each
 * method refuses with a {@link LogException}: INVALID_REQUEST, UNSUPPORTED_ASSIGNOR, GROUP_MAX_SIZE_REACHED, UNKNOWN_MEMBER_ID,
 * FENCED_MEMBER_EPOCH, FENCED_INSTANCE_ID, UNRELEASED_INSTANCE_ID, INVALID_REGULAR_EXPRESSION.
 */
final class ConsumerBeats {

    private final ConsumerRules rules;

    ConsumerBeats(ConsumerRules rules) {
        this.rules = rules;
    }

    // ---- the request by itself

    void requireValid(ConsumerHeartbeat beat) {
        boolean hasId = beat.idRequired() || beat.epoch() > 0 || beat.epoch() == MemberProgress.LEFT;
        if (hasId) {
            requireText(beat.member(), "MemberId");
        }
        requireText(beat.group(), "GroupId");
        requireText(beat.instance(), "InstanceId");
        requireText(beat.rack(), "RackId");
        if (beat.epoch() == 0) {
            requireFirst(beat);
        } else if (beat.epoch() == MemberProgress.STATIC_AWAY) {
            require(beat.instance() != null, "InstanceId can't be null.");
        } else {
            require(beat.epoch() >= MemberProgress.STATIC_AWAY, "MemberEpoch is invalid.");
        }
        var assignors = rules.ofConsumers().assignors();
        if (beat.assignor() != null && !assignors.contains(beat.assignor())) {
            throw new LogException(
                    ErrorCode.UNSUPPORTED_ASSIGNOR,
                    "ServerAssignor " + beat.assignor() + " is not supported. Supported assignors: "
                            + String.join(", ", assignors) + ".");
        }
    }

    private static void requireFirst(ConsumerHeartbeat beat) {
        require(beat.rebalanceTimeoutMs() != -1, "RebalanceTimeoutMs must be provided in first request.");
        Partitions owned = beat.owned();
        require(owned != null && owned.isEmpty(), "TopicPartitions must be empty when (re-)joining.");
        require(
                beat.topics() != null || beat.regex() != null,
                "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
    }

    private static void requireText(@Nullable String value, String field) {
        require(value == null || !value.isBlank(), field + " can't be empty.");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new LogException(ErrorCode.INVALID_REQUEST, message);
        }
    }

    // ---- the request in its group

    /**
     * The member stays, or joins.
     *
     * @param id of the member, made for it if it has none
     * @param seen the topics when the group was looked at last; null if it was not in this life
     */
    Beat beat(
            ConsumerDraft draft,
            ConsumerSessions sessions,
            ConsumerHeartbeat beat,
            String id,
            @Nullable TopicView seen,
            long nowMs) {
        requireRoom(draft.group(), beat.member());
        ConsumerMember before = beat.instance() == null
                ? dynamic(draft.group(), beat, id)
                : statically(draft, beat, id, beat.instance());
        TopicView topics = rules.topicsNow();
        ConsumerSteps steps = new ConsumerSteps(rules, sessions, draft, topics, nowMs);
        boolean readsOther = steps.tell(before, before.profile().told(beat), beat.mayRead());
        boolean lookedUp = steps.lookUp(seen, beat.mayRead());
        if (readsOther || lookedUp || topics != seen) {
            steps.count(readsOther || lookedUp);
        }
        steps.assign();
        ConsumerMember after = steps.reconcile(id, readsOther, beat.owned());
        sessions.renew(id, nowMs + rules.sessionTimeoutMs(beat.group()));
        Holdings assigned = after.progress().assigned();
        boolean tellsAll = beat.epoch() == 0
                || beat.isFull()
                || !assigned.equals(before.progress().assigned());
        return new Beat(
                ErrorCode.NONE,
                null,
                id,
                after.progress().epoch(),
                rules.heartbeatIntervalMs(beat.group()),
                tellsAll ? assigned.partitions() : null);
    }

    void requireRoom(ConsumerGroup group, String member) {
        int max = rules.ofConsumers().membersMax();
        if (group.size() >= max && (member.isEmpty() || group.find(member) == null)) {
            throw new LogException(
                    ErrorCode.GROUP_MAX_SIZE_REACHED,
                    "The consumer group has reached its maximum capacity of " + max + " members.");
        }
    }

    private static ConsumerMember dynamic(ConsumerGroup group, ConsumerHeartbeat beat, String id) {
        ConsumerMember known = group.find(id);
        if (known == null && beat.epoch() == 0) {
            return ConsumerMember.blank(id);
        }
        ConsumerMember member = require(known, id, group);
        requireEpoch(member, beat);
        return member;
    }

    static ConsumerMember require(@Nullable ConsumerMember member, String id, ConsumerGroup group) {
        if (member == null) {
            throw new LogException(
                    ErrorCode.UNKNOWN_MEMBER_ID, "Member " + id + " is not a member of group " + group.name() + ".");
        }
        return member;
    }

    private static ConsumerMember statically(ConsumerDraft draft, ConsumerHeartbeat beat, String id, String instance) {
        ConsumerMember known = draft.group().findStatic(instance);
        if (beat.epoch() != 0) {
            ConsumerMember member = requireStatic(known, id, instance);
            requireEpoch(member, beat);
            return member;
        }
        if (known == null) {
            ConsumerMember same = draft.group().find(id);
            return same == null ? ConsumerMember.blank(id) : same;
        }
        if (!known.profile().isClassic() && known.progress().epoch() != MemberProgress.STATIC_AWAY) {
            throw new LogException(
                    ErrorCode.UNRELEASED_INSTANCE_ID,
                    "Static member " + id + " with instance id " + instance
                            + " cannot join the group because the instance id is owned by " + known.id() + " member.");
        }
        return draft.replace(known, id);
    }

    /** The static member with this instance id, which must have this id. */
    static ConsumerMember requireStatic(@Nullable ConsumerMember known, String id, String instance) {
        if (known == null) {
            throw new LogException(ErrorCode.UNKNOWN_MEMBER_ID, "Instance id " + instance + " is unknown.");
        }
        if (!known.id().equals(id)) {
            throw new LogException(
                    ErrorCode.FENCED_INSTANCE_ID,
                    "Static member " + id + " with instance id " + instance + " was fenced by member " + known.id()
                            + ".");
        }
        return known;
    }

    /** The answer with the present epoch may have been lost: whoever has nothing that it may not have goes on. */
    private static void requireEpoch(ConsumerMember member, ConsumerHeartbeat beat) {
        int received = beat.epoch();
        MemberProgress progress = member.progress();
        if (received == 0 || received == progress.epoch()) {
            return;
        }
        Partitions owned = beat.owned();
        boolean mayRepeat = received == progress.previousEpoch()
                && received < progress.epoch()
                && owned != null
                && progress.assigned().partitions().containsAll(owned);
        if (!mayRepeat) {
            throw new LogException(
                    ErrorCode.FENCED_MEMBER_EPOCH,
                    "The consumer group member has a " + (received > progress.epoch() ? "greater" : "smaller")
                            + " member epoch (" + received + ") than the one known by the group coordinator ("
                            + progress.epoch() + "). The member must abandon all its partitions and rejoin.");
        }
    }
}
