package io.millrace.coordinator;

/**
 * Bounds of groups, under Kafka's names and with its defaults.
 *
 * @param offsetsRetentionMs {@code offsets.retention.minutes}: positions of a group that no job has claimed are
 *     forgotten after it, ms; 7 days
 * @param metadataCharsMax {@code offset.metadata.max.bytes}: the longest note beside a committed position, in characters as
 *     Kafka counts; 4096
 * @param initialRebalanceDelayMs {@code group.initial.rebalance.delay.ms}: how long an empty group waits for more members
 *     when the first one joins; 3 s
 * @param sessionTimeoutMsMin {@code group.min.session.timeout.ms}; 6 s
 * @param sessionTimeoutMsMax {@code group.max.session.timeout.ms}; 30 min
 * @param membersMax {@code group.max.size}: how many members a group may have; no bound
 * @param consumers bounds of groups of the consumer protocol
 */
public record GroupLimits(
        long offsetsRetentionMs,
        int metadataCharsMax,
        int initialRebalanceDelayMs,
        int sessionTimeoutMsMin,
        int sessionTimeoutMsMax,
        int membersMax,
        ConsumerGroupLimits consumers) {

    public static final GroupLimits DEFAULT = new GroupLimits(
            7L * 24 * 60 * 60 * 1000, 4096, 3_000, 6_000, 1_800_000, Integer.MAX_VALUE, ConsumerGroupLimits.DEFAULT);

    public GroupLimits {
        if (offsetsRetentionMs < 1 || metadataCharsMax < 0) {
            throw new IllegalArgumentException(
                    "offsets.retention must be 1 ms or more, offset.metadata.max.bytes 0 or more," + " were "
                            + offsetsRetentionMs + " and " + metadataCharsMax);
        }
        if (initialRebalanceDelayMs < 0 || membersMax < 1) {
            throw new IllegalArgumentException("group.initial.rebalance.delay.ms must be 0 or more, group.max.size 1 or"
                    + " more, were " + initialRebalanceDelayMs + " and " + membersMax);
        }
        if (sessionTimeoutMsMin < 1 || sessionTimeoutMsMax < sessionTimeoutMsMin) {
            throw new IllegalArgumentException(
                    "group.min.session.timeout.ms must be 1 or more and at most group.max.session.timeout.ms, were "
                            + sessionTimeoutMsMin + " and " + sessionTimeoutMsMax);
        }
    }

    /** With another {@code group.initial.rebalance.delay.ms}; tests want 0. */
    public GroupLimits withInitialRebalanceDelayMs(int delayMs) {
        return new GroupLimits(
                offsetsRetentionMs,
                metadataCharsMax,
                delayMs,
                sessionTimeoutMsMin,
                sessionTimeoutMsMax,
                membersMax,
                consumers);
    }

    /** With other bounds of a session. */
    public GroupLimits withSessionTimeoutMs(int min, int max) {
        return new GroupLimits(
                offsetsRetentionMs, metadataCharsMax, initialRebalanceDelayMs, min, max, membersMax, consumers);
    }

    /** With another {@code group.max.size}. */
    public GroupLimits withMembersMax(int members) {
        return new GroupLimits(
                offsetsRetentionMs,
                metadataCharsMax,
                initialRebalanceDelayMs,
                sessionTimeoutMsMin,
                sessionTimeoutMsMax,
                members,
                consumers);
    }

    /** With other bounds of groups of the consumer protocol. */
    public GroupLimits withConsumers(ConsumerGroupLimits limits) {
        return new GroupLimits(
                offsetsRetentionMs,
                metadataCharsMax,
                initialRebalanceDelayMs,
                sessionTimeoutMsMin,
                sessionTimeoutMsMax,
                membersMax,
                limits);
    }
}
