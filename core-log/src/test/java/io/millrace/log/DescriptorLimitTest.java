package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DescriptorLimitTest {

    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             96118                96118                processes
            Max open files            20000                524288               files
            Max locked memory         8388608              8388608              bytes
            """;

    @Test
    void theLimitIsTheSoftOne() {
        assertThat(DescriptorLimit.parse(LIMITS)).hasValue(20_000);
        assertThat(DescriptorLimit.parse(LIMITS.replace("20000", "unlimited"))).hasValue(Long.MAX_VALUE);
        assertThat(DescriptorLimit.parse("something else")).isEmpty();
    }

    @Test
    void aLogTakesAQuarterOfTheLimitWithinReason() {
        assertThat(DescriptorLimit.channelsOf(OptionalLong.of(20_000))).isEqualTo(5_000);
        assertThat(DescriptorLimit.channelsOf(OptionalLong.of(100))).isEqualTo(64);
        assertThat(DescriptorLimit.channelsOf(OptionalLong.of(Long.MAX_VALUE))).isEqualTo(16_000);
        assertThat(DescriptorLimit.channelsOf(OptionalLong.empty())).isEqualTo(FileLogStorage.OPEN_CHANNELS_MAX);
    }
}
