package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupMembership.Member;
import io.millrace.coordinator.GroupRecord.Membership;
import io.millrace.coordinator.GroupRecord.Offset;
import io.millrace.coordinator.GroupRecord.StoredOffset;
import io.millrace.coordinator.record.GroupMetadataValue;
import io.millrace.record.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GroupCodecTest {

    private static final TopicPartition PARTITION = new TopicPartition("flights", 3);

    @Test
    void readsBackWhatItWrites() {
        List<GroupRecord> records = List.of(
                new Offset("g", PARTITION, new StoredOffset(new CommittedOffset(42, 7, "note"), 1_000)),
                new Offset("g", PARTITION, null),
                new Membership("g", new GroupMembership.Claimed(3, "member-1", 2_000)),
                new Membership("g", new GroupMembership.Claimed(4, null, 3_000)),
                new Membership("g", new GroupMembership.Classic(5, "consumer", null, null, List.of(), 4_000)),
                new Membership(
                        "g",
                        new GroupMembership.Classic(
                                6,
                                "consumer",
                                "range",
                                "m1",
                                List.of(member("m1", "instance"), member("m2", null)),
                                5)),
                new Membership("g", null));
        for (GroupRecord record : records) {
            assertThat(GroupCodec.read(GroupCodec.key(record), GroupCodec.value(record)))
                    .contains(record);
        }
    }

    private static Member member(String id, @Nullable String instance) {
        return new Member(id, instance, "client", "/10.0.0.1", 60_000, 10_000, new byte[] {1, 2}, new byte[] {3});
    }

    @Test
    void takesAnEmptyGroupOfVersion3ForAJobsAndOfOtherKindsForNone() {
        GroupMetadataValue empty = new GroupMetadataValue()
                .protocolType("consumer")
                .protocol(null)
                .leader(null)
                .generation(7)
                .currentStateTimestamp(8);
        assertThat(membership(empty, 3)).isEqualTo(new GroupMembership.Claimed(7, null, 8));
        assertThat(membership(empty, 2))
                .isEqualTo(new GroupMembership.Classic(7, "consumer", null, null, List.of(), 8));
        assertThat(membership(empty.protocolType("connect"), 3))
                .isEqualTo(new GroupMembership.Classic(7, "connect", null, null, List.of(), 8));
    }

    private static @Nullable GroupMembership membership(GroupMetadataValue value, int version) {
        ByteWriter out = new ByteWriter();
        out.int16((short) version);
        value.write(out, (short) version);
        byte[] key = GroupCodec.key(new Membership("g", null));
        return ((Membership) GroupCodec.read(key, out.toByteArray()).orElseThrow()).membership();
    }

    @Test
    void writesKafkasBytes() {
        Offset record = new Offset("g", PARTITION, new StoredOffset(new CommittedOffset(42, 7, "n"), 1_000));
        assertThat(GroupCodec.key(record))
                .isEqualTo(ByteBuffer.allocate(2 + 3 + 9 + 4)
                        .putShort((short) 1)
                        .putShort((short) 1)
                        .put((byte) 'g')
                        .putShort((short) 7)
                        .put("flights".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .putInt(3)
                        .array());
        assertThat(GroupCodec.value(record))
                .isEqualTo(ByteBuffer.allocate(2 + 8 + 4 + 3 + 8)
                        .putShort((short) 3)
                        .putLong(42)
                        .putInt(7)
                        .putShort((short) 1)
                        .put((byte) 'n')
                        .putLong(1_000)
                        .array());
    }

    @Test
    void leavesRecordsOfOtherKindsAlone() {
        assertThat(GroupCodec.read(new byte[] {0, 99, 1, 2, 3}, null)).isEmpty();
        assertThat(TransactionCodec.read(new byte[] {0, 99, 1, 2, 3}, null)).isEmpty();
    }
}
