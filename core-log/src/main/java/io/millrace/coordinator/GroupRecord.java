package io.millrace.coordinator;

import io.millrace.client.CommittedOffset;
import io.millrace.client.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One record of {@code __consumer_offsets}. */
public sealed interface GroupRecord permits GroupRecord.Offset, GroupRecord.Membership, ConsumerRecord {

    String group();

    /** A position of a group; null forgets it. */
    record Offset(
            String group,
            TopicPartition partition,
            @Nullable StoredOffset stored) implements GroupRecord {}

    /** Who is in a group; null forgets the group. */
    record Membership(String group, @Nullable GroupMembership membership) implements GroupRecord {}

    /**
     * A committed position.
     *
     * @param committed what was committed
     * @param commitMs wall-clock time of the commit
     */
    record StoredOffset(CommittedOffset committed, long commitMs) {}
}
