package io.millrace.coordinator;

import io.millrace.coordinator.ConsumerRecord.Epoch;
import io.millrace.coordinator.ConsumerRecord.GroupEpoch;
import io.millrace.coordinator.ConsumerRecord.Profile;
import io.millrace.coordinator.ConsumerRecord.Progress;
import io.millrace.coordinator.ConsumerRecord.Regex;
import io.millrace.coordinator.ConsumerRecord.Resolved;
import io.millrace.coordinator.ConsumerRecord.Target;
import io.millrace.coordinator.ConsumerRecord.TargetEpoch;
import io.millrace.coordinator.ConsumerRecord.TargetPartitions;
import io.millrace.coordinator.ConsumerRecord.TopicMetadata;
import io.millrace.coordinator.record.ConsumerGroupCurrentMemberAssignmentKey;
import io.millrace.coordinator.record.ConsumerGroupMemberMetadataKey;
import io.millrace.coordinator.record.ConsumerGroupMetadataKey;
import io.millrace.coordinator.record.ConsumerGroupMetadataValue;
import io.millrace.coordinator.record.ConsumerGroupPartitionMetadataKey;
import io.millrace.coordinator.record.ConsumerGroupRegularExpressionKey;
import io.millrace.coordinator.record.ConsumerGroupRegularExpressionValue;
import io.millrace.coordinator.record.ConsumerGroupTargetAssignmentMemberKey;
import io.millrace.coordinator.record.ConsumerGroupTargetAssignmentMetadataKey;
import io.millrace.coordinator.record.ConsumerGroupTargetAssignmentMetadataValue;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.Message;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@link ConsumerRecord}s as Kafka keeps them in {@code __consumer_offsets}: key: type (2) | key of the type; value: version
 * (2) = 0 | value of the type. Members' values are those of {@link ConsumerMemberCodec}. Stateless.
 */
final class ConsumerCodec {

    private static final short VERSION = 0;

    private ConsumerCodec() {}

    static void writeKey(ConsumerRecord record, ByteWriter out) {
        String group = record.group();
        if (record instanceof Epoch) {
            key(out, ConsumerGroupMetadataKey.TYPE, new ConsumerGroupMetadataKey().groupId(group));
        } else if (record instanceof TopicMetadata) {
            key(out, ConsumerGroupPartitionMetadataKey.TYPE, new ConsumerGroupPartitionMetadataKey().groupId(group));
        } else if (record instanceof Profile profile) {
            key(
                    out,
                    ConsumerGroupMemberMetadataKey.TYPE,
                    new ConsumerGroupMemberMetadataKey().groupId(group).memberId(profile.member()));
        } else if (record instanceof TargetEpoch) {
            key(
                    out,
                    ConsumerGroupTargetAssignmentMetadataKey.TYPE,
                    new ConsumerGroupTargetAssignmentMetadataKey().groupId(group));
        } else if (record instanceof TargetPartitions target) {
            key(
                    out,
                    ConsumerGroupTargetAssignmentMemberKey.TYPE,
                    new ConsumerGroupTargetAssignmentMemberKey().groupId(group).memberId(target.member()));
        } else if (record instanceof Progress progress) {
            key(
                    out,
                    ConsumerGroupCurrentMemberAssignmentKey.TYPE,
                    new ConsumerGroupCurrentMemberAssignmentKey().groupId(group).memberId(progress.member()));
        } else {
            key(
                    out,
                    ConsumerGroupRegularExpressionKey.TYPE,
                    new ConsumerGroupRegularExpressionKey().groupId(group).regularExpression(((Regex) record).regex()));
        }
    }

    private static void key(ByteWriter out, short type, Message key) {
        out.int16(type);
        key.write(out, VERSION);
    }

    /** Null, a tombstone, for a record that forgets. */
    static byte @Nullable [] value(ConsumerRecord record) {
        Message value = message(record);
        if (value == null) {
            return null;
        }
        ByteWriter out = new ByteWriter();
        out.int16(VERSION);
        value.write(out, VERSION);
        return out.toByteArray();
    }

    private static @Nullable Message message(ConsumerRecord record) {
        if (record instanceof Epoch epoch && epoch.at() != null) {
            return new ConsumerGroupMetadataValue()
                    .epoch(epoch.at().epoch())
                    .metadataHash(epoch.at().topicsHash());
        }
        if (record instanceof Profile profile && profile.profile() != null) {
            return ConsumerMemberCodec.write(profile.profile());
        }
        if (record instanceof TargetEpoch of && of.target() != null) {
            return new ConsumerGroupTargetAssignmentMetadataValue()
                    .assignmentEpoch(of.target().epoch())
                    .assignmentTimestamp(of.target().assignedMs());
        }
        if (record instanceof TargetPartitions target && target.partitions() != null) {
            return ConsumerMemberCodec.write(target.partitions());
        }
        if (record instanceof Progress progress && progress.progress() != null) {
            return ConsumerMemberCodec.write(progress.progress());
        }
        if (record instanceof Regex regex && regex.resolved() != null) {
            return new ConsumerGroupRegularExpressionValue()
                    .topics(new ArrayList<>(regex.resolved().topics()))
                    .version(regex.resolved().version())
                    .timestamp(regex.resolved().atMs());
        }
        return null;
    }

    /**
     * Reads a record back; empty if its key is of none of these kinds.
     *
     * @param key after its type
     */
    static Optional<GroupRecord> read(short type, ByteReader key, byte @Nullable [] value) {
        ByteReader in = value == null ? null : new ByteReader(value);
        short version = in == null ? VERSION : in.int16();
        return switch (type) {
            case ConsumerGroupMetadataKey.TYPE ->
                Optional.of(new Epoch(
                        ConsumerGroupMetadataKey.read(key, VERSION).groupId(), in == null ? null : epoch(in, version)));
            case ConsumerGroupPartitionMetadataKey.TYPE ->
                Optional.of(new TopicMetadata(
                        ConsumerGroupPartitionMetadataKey.read(key, VERSION).groupId(), in != null));
            case ConsumerGroupMemberMetadataKey.TYPE -> {
                ConsumerGroupMemberMetadataKey read = ConsumerGroupMemberMetadataKey.read(key, VERSION);
                yield Optional.of(new Profile(
                        read.groupId(),
                        read.memberId(),
                        in == null ? null : ConsumerMemberCodec.readProfile(in, version)));
            }
            case ConsumerGroupTargetAssignmentMetadataKey.TYPE ->
                Optional.of(new TargetEpoch(
                        ConsumerGroupTargetAssignmentMetadataKey.read(key, VERSION)
                                .groupId(),
                        in == null ? null : target(in, version)));
            case ConsumerGroupTargetAssignmentMemberKey.TYPE -> {
                ConsumerGroupTargetAssignmentMemberKey read = ConsumerGroupTargetAssignmentMemberKey.read(key, VERSION);
                yield Optional.of(new TargetPartitions(
                        read.groupId(),
                        read.memberId(),
                        in == null ? null : ConsumerMemberCodec.readTarget(in, version)));
            }
            case ConsumerGroupCurrentMemberAssignmentKey.TYPE -> {
                ConsumerGroupCurrentMemberAssignmentKey read =
                        ConsumerGroupCurrentMemberAssignmentKey.read(key, VERSION);
                yield Optional.of(new Progress(
                        read.groupId(),
                        read.memberId(),
                        in == null ? null : ConsumerMemberCodec.readProgress(in, version)));
            }
            case ConsumerGroupRegularExpressionKey.TYPE -> {
                ConsumerGroupRegularExpressionKey read = ConsumerGroupRegularExpressionKey.read(key, VERSION);
                yield Optional.of(
                        new Regex(read.groupId(), read.regularExpression(), in == null ? null : resolved(in, version)));
            }
            default -> Optional.empty();
        };
    }

    private static GroupEpoch epoch(ByteReader in, short version) {
        ConsumerGroupMetadataValue read = ConsumerGroupMetadataValue.read(in, version);
        return new GroupEpoch(read.epoch(), read.metadataHash());
    }

    private static Target target(ByteReader in, short version) {
        ConsumerGroupTargetAssignmentMetadataValue read = ConsumerGroupTargetAssignmentMetadataValue.read(in, version);
        return new Target(read.assignmentEpoch(), read.assignmentTimestamp());
    }

    private static Resolved resolved(ByteReader in, short version) {
        ConsumerGroupRegularExpressionValue read = ConsumerGroupRegularExpressionValue.read(in, version);
        return new Resolved(new TreeSet<>(read.topics()), read.version(), read.timestamp());
    }
}
