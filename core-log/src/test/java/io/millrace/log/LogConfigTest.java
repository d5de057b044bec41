package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.LogConfig.CleanupPolicy;
import io.millrace.log.LogConfig.Durability;
import io.millrace.record.Compression;
import io.millrace.record.TimestampType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogConfigTest {

    @Test
    void defaultsAreKafkas() {
        LogConfig config = LogConfig.DEFAULTS;
        assertThat(config.cleanupPolicies()).containsExactly(CleanupPolicy.DELETE);
        assertThat(config.compression()).isEmpty();
        assertThat(config.deleteRetentionMs()).isEqualTo(86_400_000);
        assertThat(config.durability()).isEqualTo(Durability.DISK);
        assertThat(config.fileDeleteDelayMs()).isEqualTo(60_000);
        assertThat(config.flushMessages()).isEqualTo(Long.MAX_VALUE);
        assertThat(config.flushMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(config.indexIntervalBytes()).isEqualTo(4096);
        assertThat(config.maxCompactionLagMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(config.maxMessageBytes()).isEqualTo(1_048_588);
        assertThat(config.messageTimestampAfterMaxMs()).isEqualTo(3_600_000);
        assertThat(config.messageTimestampBeforeMaxMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(config.messageTimestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(config.minCleanableDirtyRatio()).isEqualTo(0.5);
        assertThat(config.minCompactionLagMs()).isZero();
        assertThat(config.minInsyncReplicas()).isEqualTo(1);
        assertThat(config.retentionBytes()).isEqualTo(-1);
        assertThat(config.retentionMs()).isEqualTo(604_800_000);
        assertThat(config.segmentBytes()).isEqualTo(1 << 30);
        assertThat(config.segmentIndexBytes()).isEqualTo(10 << 20);
        assertThat(config.segmentJitterMs()).isZero();
        assertThat(config.segmentMs()).isEqualTo(604_800_000);
        assertThat(config.uncleanLeaderElection()).isFalse();
    }

    @Test
    void readsPoliciesAndCompression() {
        assertThat(LogConfig.of(Map.of("cleanup.policy", "compact, delete")).cleanupPolicies())
                .containsExactlyInAnyOrder(CleanupPolicy.COMPACT, CleanupPolicy.DELETE);
        assertThat(LogConfig.of(Map.of("cleanup.policy", "")).cleanupPolicies()).isEmpty();
        LogConfig zstd = LogConfig.of(Map.of("compression.type", "zstd", "compression.zstd.level", "7"));
        assertThat(zstd.compression()).contains(Compression.ZSTD);
        assertThat(zstd.compressionLevel()).isEqualTo(7);
        assertThat(LogConfig.of(Map.of("compression.type", "uncompressed")).compression())
                .contains(Compression.NONE);
    }

    @Test
    void namesTheNearestKeyOfAnUnknownOne() {
        assertThatThrownBy(() -> LogConfig.of(Map.of("retention.m", "1")))
                .hasMessage("unknown topic configuration 'retention.m'; did you mean 'retention.ms'?");
        assertThat(LogConfig.problems(Map.of("segment.byte", "1", "flush.ms", "x")))
                .hasSize(2);
    }

    @Test
    void refusesValuesOutOfRangeAndSaysTheRange() {
        assertThatThrownBy(() -> LogConfig.of(Map.of("segment.bytes", "1000")))
                .hasMessage("segment.bytes must be at least 1048576 (int, bytes), not '1000'");
        assertThatThrownBy(() -> LogConfig.of(Map.of("cleanup.policy", "compact,destroy")))
                .hasMessageContaining("delete, compact, both, or empty");
        assertThatThrownBy(() -> LogConfig.of(Map.of("preallocate", "true"))).hasMessageContaining("one of false");
        assertThatThrownBy(() -> LogConfig.of(Map.of("min.cleanable.dirty.ratio", "1.1")))
                .hasMessageContaining("0 to 1");
        assertThatThrownBy(() -> LogConfig.of(Map.of("retention.ms", "a day"))).hasMessageContaining("(long, ms)");
    }
}
