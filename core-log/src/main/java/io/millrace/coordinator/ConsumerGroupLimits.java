package io.millrace.coordinator;

import java.util.List;

/**
 * Bounds of groups of the consumer protocol (KIP-848), under Kafka's names and with its defaults.
 *
 * @param sessionTimeoutMs {@code group.consumer.session.timeout.ms}: a member that is not heard of for so long is gone; 45 s
 * @param sessionTimeoutMsMin {@code group.consumer.min.session.timeout.ms}, of what is set for a single group; 45 s
 * @param sessionTimeoutMsMax {@code group.consumer.max.session.timeout.ms}, of what is set for a single group; 60 s
 * @param heartbeatIntervalMs {@code group.consumer.heartbeat.interval.ms}: how often members are told to send; 5 s
 * @param heartbeatIntervalMsMin {@code group.consumer.min.heartbeat.interval.ms}, of what is set for a single group; 5 s
 * @param heartbeatIntervalMsMax {@code group.consumer.max.heartbeat.interval.ms}, of what is set for a single group; 15 s
 * @param membersMax {@code group.consumer.max.size}: how many members a group may have; no bound
 * @param assignmentIntervalMs {@code group.consumer.assignment.interval.ms}: the least time from one assignment of a group to
 *     the next; 1 s
 * @param assignmentIntervalMsMin {@code group.consumer.min.assignment.interval.ms}, of what is set for a single group; 0
 * @param assignmentIntervalMsMax {@code group.consumer.max.assignment.interval.ms}, of what is set for a single group; 15 s
 * @param regexRefreshIntervalMs {@code group.consumer.regex.refresh.interval.ms}: regular expressions are matched anew after
 *     it, although no topic has come or gone; 10 min
 * @param assignors {@code group.consumer.assignors}: names of {@code uniform} and {@code range}; the first is for members that
 *     name none
 * @param migration {@code group.consumer.migration.policy}; bidirectional
 */
public record ConsumerGroupLimits(
        int sessionTimeoutMs,
        int sessionTimeoutMsMin,
        int sessionTimeoutMsMax,
        int heartbeatIntervalMs,
        int heartbeatIntervalMsMin,
        int heartbeatIntervalMsMax,
        int membersMax,
        int assignmentIntervalMs,
        int assignmentIntervalMsMin,
        int assignmentIntervalMsMax,
        int regexRefreshIntervalMs,
        List<String> assignors,
        MigrationPolicy migration) {

    /** What {@link #assignors} may name. */
    public static final List<String> ASSIGNORS = List.of("uniform", "range");

    public static final ConsumerGroupLimits DEFAULT = new ConsumerGroupLimits(
            45_000,
            45_000,
            60_000,
            5_000,
            5_000,
            15_000,
            Integer.MAX_VALUE,
            1_000,
            0,
            15_000,
            600_000,
            ASSIGNORS,
            MigrationPolicy.BIDIRECTIONAL);

    public ConsumerGroupLimits {
        assignors = List.copyOf(assignors);
        requireWithin("session.timeout.ms", sessionTimeoutMs, sessionTimeoutMsMin, sessionTimeoutMsMax, 1);
        requireWithin("heartbeat.interval.ms", heartbeatIntervalMs, heartbeatIntervalMsMin, heartbeatIntervalMsMax, 1);
        requireWithin(
                "assignment.interval.ms", assignmentIntervalMs, assignmentIntervalMsMin, assignmentIntervalMsMax, 0);
        if (heartbeatIntervalMs >= sessionTimeoutMs) {
            throw new IllegalArgumentException("group.consumer.heartbeat.interval.ms must be less than"
                    + " group.consumer.session.timeout.ms, were " + heartbeatIntervalMs + " and " + sessionTimeoutMs);
        }
        if (membersMax < 1 || regexRefreshIntervalMs < 10_000) {
            throw new IllegalArgumentException("group.consumer.max.size must be 1 or more,"
                    + " group.consumer.regex.refresh.interval.ms 10000 or more, were " + membersMax + " and "
                    + regexRefreshIntervalMs);
        }
        if (assignors.isEmpty() || !ASSIGNORS.containsAll(assignors)) {
            throw new IllegalArgumentException(
                    "group.consumer.assignors must name one or more of " + ASSIGNORS + ", was " + assignors);
        }
    }

    private static void requireWithin(String key, int value, int min, int max, int least) {
        if (min < least || value < min || value > max) {
            throw new IllegalArgumentException("group.consumer." + key + " must be from group.consumer.min." + key
                    + ", which is " + least + " or more, to group.consumer.max." + key + ", were " + value + ", " + min
                    + " and " + max);
        }
    }

    /** With another session timeout and heartbeat interval, which are their own bounds; tests are impatient. */
    public ConsumerGroupLimits withTimesMs(int sessionTimeout, int heartbeatInterval) {
        return new ConsumerGroupLimits(
                sessionTimeout,
                Math.min(sessionTimeout, sessionTimeoutMsMin),
                Math.max(sessionTimeout, sessionTimeoutMsMax),
                heartbeatInterval,
                Math.min(heartbeatInterval, heartbeatIntervalMsMin),
                Math.max(heartbeatInterval, heartbeatIntervalMsMax),
                membersMax,
                assignmentIntervalMs,
                assignmentIntervalMsMin,
                assignmentIntervalMsMax,
                regexRefreshIntervalMs,
                assignors,
                migration);
    }

    /** With another {@code group.consumer.assignment.interval.ms}. */
    public ConsumerGroupLimits withAssignmentIntervalMs(int intervalMs) {
        return with(membersMax, intervalMs, migration);
    }

    /** With another {@code group.consumer.max.size}. */
    public ConsumerGroupLimits withMembersMax(int members) {
        return with(members, assignmentIntervalMs, migration);
    }

    /** With another {@code group.consumer.migration.policy}. */
    public ConsumerGroupLimits withMigration(MigrationPolicy policy) {
        return with(membersMax, assignmentIntervalMs, policy);
    }

    private ConsumerGroupLimits with(int members, int intervalMs, MigrationPolicy policy) {
        return new ConsumerGroupLimits(
                sessionTimeoutMs,
                sessionTimeoutMsMin,
                sessionTimeoutMsMax,
                heartbeatIntervalMs,
                heartbeatIntervalMsMin,
                heartbeatIntervalMsMax,
                members,
                intervalMs,
                assignmentIntervalMsMin,
                assignmentIntervalMsMax,
                regexRefreshIntervalMs,
                assignors,
                policy);
    }
}
