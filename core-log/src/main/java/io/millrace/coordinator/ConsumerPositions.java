package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Which positions members of a group of the consumer protocol may commit and read. Stateless. */
final class ConsumerPositions {

    private ConsumerPositions() {}

    /**
     * Whether this may be committed: by a member at its epoch, or at an earlier one if it has had each partition since then
     * (KIP-1251); by somebody outside if nobody is in the group. NONE, UNKNOWN_MEMBER_ID, STALE_MEMBER_EPOCH,
     * UNSUPPORTED_VERSION; ILLEGAL_GENERATION for a member that speaks the classic protocol, and in a transaction, whose API
     * knows no other error for it.
     */
    static ErrorCode commit(
            ConsumerGroup group,
            Committer who,
            boolean inTransaction,
            Collection<TopicPartition> partitions,
            TopicView topics) {
        if ((who.generation() < 0 && group.isEmpty()) || (inTransaction && who.isOutsider())) {
            return ErrorCode.NONE;
        }
        ConsumerMember member = group.find(who.member());
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        boolean isClassic = member.profile().isClassic();
        if (!inTransaction && !isClassic && !who.knowsEpochs()) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        int epoch = member.progress().epoch();
        boolean allowed = who.generation() == epoch
                || (who.generation() < epoch
                        && partitions.stream().allMatch(one -> hadSince(member, who.generation(), one, topics)));
        return allowed ? ErrorCode.NONE : stale(isClassic || inTransaction);
    }

    private static boolean hadSince(ConsumerMember member, int epoch, TopicPartition partition, TopicView topics) {
        TopicDescription topic = topics.named(partition.topic());
        if (topic == null) {
            return false;
        }
        Integer since = member.progress().assigned().epochOf(topic.id(), partition.partition());
        Integer revoked = member.progress().revoking().epochOf(topic.id(), partition.partition());
        Integer got = since == null ? revoked : since;
        return got != null && epoch >= got;
    }

    /**
     * Whether this may read positions: a member at its epoch, or somebody who does not claim to be one. NONE,
     * UNKNOWN_MEMBER_ID, STALE_MEMBER_EPOCH, or ILLEGAL_GENERATION for a member that speaks the classic protocol.
     *
     * @param member null if it does not say
     */
    static ErrorCode fetch(ConsumerGroup group, @Nullable String member, int epoch) {
        if (member == null && epoch < 0) {
            return ErrorCode.NONE;
        }
        ConsumerMember known = member == null ? null : group.find(member);
        if (known == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return known.progress().epoch() == epoch
                ? ErrorCode.NONE
                : stale(known.profile().isClassic());
    }

    private static ErrorCode stale(boolean isClassic) {
        return isClassic ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH;
    }
}
