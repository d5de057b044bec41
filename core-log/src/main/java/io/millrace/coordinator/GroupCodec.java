package io.millrace.coordinator;

import io.millrace.client.CommittedOffset;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupRecord.Membership;
import io.millrace.coordinator.GroupRecord.Offset;
import io.millrace.coordinator.GroupRecord.StoredOffset;
import io.millrace.coordinator.record.GroupMetadataKey;
import io.millrace.coordinator.record.OffsetCommitKey;
import io.millrace.coordinator.record.OffsetCommitValue;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link GroupRecord}s as Kafka keeps them in {@code __consumer_offsets}. Stateless.
 *
 * <pre>
 * position      key: type (2) = 1 | OffsetCommitKey     value: version (2) = 3 | OffsetCommitValue
 * membership    key: type (2) = 2 | GroupMetadataKey    value: {@link MembershipCodec}
 * consumers     key and value: {@link ConsumerCodec}
 * </pre>
 */
public final class GroupCodec {

    /** The version that Kafka's readers of every supported release understand. */
    private static final short VALUE_VERSION = 3;

    private GroupCodec() {}

    public static byte[] key(GroupRecord record) {
        ByteWriter out = new ByteWriter();
        if (record instanceof Offset offset) {
            out.int16(OffsetCommitKey.TYPE);
            new OffsetCommitKey()
                    .group(offset.group())
                    .topic(offset.partition().topic())
                    .partition(offset.partition().partition())
                    .write(out, OffsetCommitKey.HIGHEST_VERSION);
        } else if (record instanceof ConsumerRecord ofConsumers) {
            ConsumerCodec.writeKey(ofConsumers, out);
        } else {
            out.int16(GroupMetadataKey.TYPE);
            new GroupMetadataKey().group(record.group()).write(out, GroupMetadataKey.HIGHEST_VERSION);
        }
        return out.toByteArray();
    }

    /** Null, a tombstone, for a record that forgets. */
    public static byte @Nullable [] value(GroupRecord record) {
        if (record instanceof Offset offset) {
            return offset.stored() == null ? null : value(offset.stored());
        }
        if (record instanceof ConsumerRecord ofConsumers) {
            return ConsumerCodec.value(ofConsumers);
        }
        GroupMembership membership = ((Membership) record).membership();
        return membership == null ? null : MembershipCodec.write(membership);
    }

    private static byte[] value(StoredOffset stored) {
        ByteWriter out = new ByteWriter();
        out.int16(VALUE_VERSION);
        new OffsetCommitValue()
                .offset(stored.committed().offset())
                .leaderEpoch(stored.committed().leaderEpoch())
                .metadata(stored.committed().metadata())
                .commitTimestamp(stored.commitMs())
                .write(out, VALUE_VERSION);
        return out.toByteArray();
    }

    /**
     * Reads a record back; empty if its key is of a kind that is not known.
     *
     * @throws io.millrace.record.wire.MalformedMessageException if it is damaged
     */
    public static Optional<GroupRecord> read(byte[] key, byte @Nullable [] value) {
        ByteReader in = new ByteReader(key);
        short type = in.int16();
        if (type == OffsetCommitKey.TYPE || type == OffsetCommitKey.TYPE - 1) {
            OffsetCommitKey read = OffsetCommitKey.read(in, OffsetCommitKey.HIGHEST_VERSION);
            TopicPartition partition = new TopicPartition(read.topic(), read.partition());
            return Optional.of(new Offset(read.group(), partition, value == null ? null : stored(value)));
        }
        if (type == GroupMetadataKey.TYPE) {
            String group =
                    GroupMetadataKey.read(in, GroupMetadataKey.HIGHEST_VERSION).group();
            return Optional.of(new Membership(group, value == null ? null : MembershipCodec.read(value)));
        }
        return ConsumerCodec.read(type, in, value);
    }

    private static StoredOffset stored(byte[] value) {
        ByteReader in = new ByteReader(value);
        OffsetCommitValue read = OffsetCommitValue.read(in, in.int16());
        return new StoredOffset(
                new CommittedOffset(read.offset(), read.leaderEpoch(), read.metadata()), read.commitTimestamp());
    }
}
