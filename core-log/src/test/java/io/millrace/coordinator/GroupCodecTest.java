package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupRecord.Membership;
import io.millrace.coordinator.GroupRecord.Offset;
import io.millrace.coordinator.GroupRecord.StoredOffset;
import java.nio.ByteBuffer;
import java.util.List;
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
                new Membership("g", null));
        for (GroupRecord record : records) {
            assertThat(GroupCodec.read(GroupCodec.key(record), GroupCodec.value(record)))
                    .contains(record);
        }
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
