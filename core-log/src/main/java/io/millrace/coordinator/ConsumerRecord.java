package io.millrace.coordinator;

import io.millrace.coordinator.assign.Partitions;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** One record of a group of the consumer protocol. What is null in one is forgotten with it. */
sealed interface ConsumerRecord extends GroupRecord {

    /** The group itself: there is one if this is there. */
    record Epoch(String group, @Nullable GroupEpoch at) implements ConsumerRecord {}

    /** Counts changes of what is to be assigned to whom; with a hash of the topics at the last change. */
    record GroupEpoch(int epoch, long topicsHash) {}

    /** What Kafka kept in its place before 4.1; only ever forgotten. */
    record TopicMetadata(String group, boolean present) implements ConsumerRecord {}

    /** Who a member is. */
    record Profile(String group, String member, @Nullable MemberProfile profile) implements ConsumerRecord {}

    /** For which epoch of the group the targets are. */
    record TargetEpoch(String group, @Nullable Target target) implements ConsumerRecord {}

    /** An epoch, and wall-clock time at which it was assigned; 0 if that is not known. */
    record Target(int epoch, long assignedMs) {}

    /** What a member is to have in the end. */
    record TargetPartitions(
            String group, String member, @Nullable Partitions partitions) implements ConsumerRecord {}

    /** What a member has now. */
    record Progress(String group, String member, @Nullable MemberProgress progress) implements ConsumerRecord {}

    /** Topics that a regular expression stands for. */
    record Regex(String group, String regex, @Nullable Resolved resolved) implements ConsumerRecord {}

    /** The topics, and wall-clock time at which they were looked for. */
    record Resolved(SortedSet<String> topics, long version, long atMs) {}
}
