package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.coordinator.assign.Partitions;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The next step of one member towards its target. Pure; for one step.
 *
 * <pre>
 *             must let go                      has let go; others have not
 *   STABLE ───────────────▶ UNREVOKED ────────────────────────────────────▶ UNRELEASED
 *     ▲                      │      ▲                                        │      │
 *     └──────────────────────┘      └──────── a newer target takes more ─────┘      │
 *     └────────────────────────── all that the target gives is free ───────────────┘
 * </pre>
 *
 * <p>First everything goes that the target takes; until the member has said so, it stays at its epoch and gets nothing new. Then
 * it goes to the target's epoch, and gets what nobody else has; the rest follows as it becomes free.
 *
 * <p>Source: KIP-848; behaviour of Apache Kafka 4.3.1.
 */
final class Reconciliation {

    private final ConsumerGroup group;
    private final ConsumerMember member;
    private final MemberProgress now;
    private final Set<UUID> topics;
    private final @Nullable Partitions owned;

    /**
     * @param group with the target
     * @param topics that the member reads
     * @param owned what the member says that it has; null if it does not say
     */
    Reconciliation(ConsumerGroup group, ConsumerMember member, Set<UUID> topics, @Nullable Partitions owned) {
        this.group = group;
        this.member = member;
        this.now = member.progress();
        this.topics = topics;
        this.owned = owned;
    }

    /**
     * The same object if nothing changes.
     *
     * @param readsOther whether the member has just begun to read other topics than before
     */
    MemberProgress next(boolean readsOther) {
        return switch (now.state()) {
            case STABLE -> {
                if (now.epoch() != group.targetEpoch()) {
                    yield advance();
                }
                yield readsOther ? dropUnread() : now;
            }
            case UNREVOKED_PARTITIONS -> {
                if (!stillHas(now.revoking())) {
                    yield advance();
                }
                yield readsOther ? dropUnread() : now;
            }
            case UNRELEASED_PARTITIONS -> advance();
            case UNKNOWN -> startAnew();
        };
    }

    /** As long as it does not say what it has, it may have everything. */
    private boolean stillHas(Holdings holdings) {
        return owned == null || holdings.hasAnyOf(owned);
    }

    /** What it does not read any more it must let go at once, whatever the target says. */
    private MemberProgress dropUnread() {
        Holdings read = now.assigned().ofTopics(topics::contains);
        if (read.equals(now.assigned())) {
            return now;
        }
        Holdings revoking = now.revoking().with(now.assigned().ofTopics(topic -> !topics.contains(topic)));
        return stillHas(revoking)
                ? now.at(now.epoch(), MemberState.UNREVOKED_PARTITIONS, read, revoking)
                : now.at(now.epoch(), now.state(), read, now.revoking());
    }

    private MemberProgress advance() {
        return advance(now.epoch());
    }

    private MemberProgress advance(int epochUntilRevoked) {
        Partitions target = readTarget();
        Holdings kept = now.assigned().among(target);
        Holdings lost = now.assigned().without(target);
        if (!lost.isEmpty() && stillHas(lost)) {
            return now.at(epochUntilRevoked, MemberState.UNREVOKED_PARTITIONS, kept, lost);
        }
        SortedMap<UUID, SortedSet<Integer>> free = new TreeMap<>();
        boolean waits = false;
        for (var ofTopic : target.byTopic().entrySet()) {
            for (int partition : ofTopic.getValue()) {
                if (kept.epochOf(ofTopic.getKey(), partition) != null) {
                    continue;
                }
                if (isFree(ofTopic.getKey(), partition)) {
                    free.computeIfAbsent(ofTopic.getKey(), id -> new TreeSet<>())
                            .add(partition);
                } else {
                    waits = true;
                }
            }
        }
        return now.at(
                group.targetEpoch(),
                waits ? MemberState.UNRELEASED_PARTITIONS : MemberState.STABLE,
                kept.with(new Partitions(free), group.targetEpoch()),
                Holdings.NONE);
    }

    private Partitions readTarget() {
        SortedMap<UUID, SortedSet<Integer>> read =
                new TreeMap<>(group.target(member.id()).byTopic());
        read.keySet().retainAll(topics);
        return new Partitions(read);
    }

    /** Nobody else has it. */
    private boolean isFree(UUID topic, int partition) {
        String owner = group.owner(topic, partition);
        return owner == null || owner.equals(member.id());
    }

    private MemberProgress startAnew() {
        if (owned == null || !owned.isEmpty()) {
            throw new LogException(
                    ErrorCode.FENCED_MEMBER_EPOCH,
                    "The consumer group member is in a unknown state. "
                            + "The member must abandon all its partitions and rejoin.");
        }
        return advance(group.targetEpoch());
    }
}
