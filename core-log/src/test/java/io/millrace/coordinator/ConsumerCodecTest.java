package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.MemberProfile.ClassicSide;
import io.millrace.coordinator.assign.Partitions;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Records of the consumer protocol are read as they were written. */
final class ConsumerCodecTest {

    private static final Partitions PARTITIONS = Partitions.of(Map.of(new UUID(1, 2), List.of(0, 7)));

    private static final MemberProfile PROFILE = new MemberProfile(
            "i",
            "r",
            "c",
            "/h",
            new TreeSet<>(List.of("t", "u")),
            "x.*",
            300_000,
            "range",
            new ClassicSide(10_000, List.of(new Protocol("range", new byte[] {1, 2}))));

    private static final MemberProgress PROGRESS = new MemberProgress(
            5,
            4,
            MemberState.UNREVOKED_PARTITIONS,
            Holdings.of(PARTITIONS, 3),
            Holdings.of(Partitions.of(Map.of(new UUID(9, 9), List.of(1))), 2));

    private static GroupRecord again(GroupRecord record) {
        return GroupCodec.read(GroupCodec.key(record), GroupCodec.value(record)).orElseThrow();
    }

    @Test
    void everythingComesBack() {
        List<GroupRecord> records = List.of(
                new ConsumerRecord.Epoch("g", new ConsumerRecord.GroupEpoch(3, -77)),
                new ConsumerRecord.Profile("g", "m", PROFILE),
                new ConsumerRecord.Profile("g", "m", MemberProfile.BLANK),
                new ConsumerRecord.TargetEpoch("g", new ConsumerRecord.Target(3, 1_234)),
                new ConsumerRecord.TargetPartitions("g", "m", PARTITIONS),
                new ConsumerRecord.Progress("g", "m", PROGRESS),
                new ConsumerRecord.Regex("g", "x.*", new ConsumerRecord.Resolved(new TreeSet<>(List.of("xy")), 0, 9)));
        records.forEach(record -> assertThat(again(record)).isEqualTo(record));
    }

    @Test
    void tombstonesComeBack() {
        List<GroupRecord> records = List.of(
                new ConsumerRecord.Epoch("g", null),
                new ConsumerRecord.TopicMetadata("g", false),
                new ConsumerRecord.Profile("g", "m", null),
                new ConsumerRecord.TargetEpoch("g", null),
                new ConsumerRecord.TargetPartitions("g", "m", null),
                new ConsumerRecord.Progress("g", "m", null),
                new ConsumerRecord.Regex("g", "x.*", null));
        records.forEach(record -> {
            assertThat(GroupCodec.value(record)).isNull();
            assertThat(again(record)).isEqualTo(record);
        });
    }
}
