package io.millrace.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.JobMetrics;
import io.millrace.streams.JobState;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class DemoMeterTest {

    private static final long SECOND = 1_000_000_000L;
    private static final FlightsRead.Look ALL_READ = new FlightsRead.Look(1, 0, 0);

    @Test
    void ratesAreTakenSinceTheLastShowing() {
        var meter = new DemoMeter(0);

        assertThat(meter.progress(metrics(1_000), ALL_READ, SECOND).recordsPerSecond())
                .isEqualTo(1_000);
        assertThat(meter.progress(metrics(2_000), ALL_READ, 3 * SECOND).recordsPerSecond())
                .isEqualTo(500);
    }

    @Test
    void aRestartedAttemptCountsFromZeroWithoutANegativeRate() {
        var meter = new DemoMeter(0);
        meter.progress(metrics(1_000), ALL_READ, SECOND);

        assertThat(meter.progress(metrics(10), ALL_READ, 2 * SECOND).recordsPerSecond())
                .isZero();
    }

    @Test
    void theBarFollowsBothTheLoadingAndTheReadingOfWhatIsLoaded() {
        var meter = new DemoMeter(0);

        var half = meter.progress(metrics(1_000), new FlightsRead.Look(0.5, 70, 5), SECOND);

        assertThat(half)
                .isEqualTo(new DemoProgress(0.5 * (0.3 + 0.7 * 0.5), 1_000, 1_000, 5, 1, 70, Duration.ofSeconds(1)));
        assertThat(meter.end(metrics(2_000), 2 * SECOND))
                .isEqualTo(new DemoProgress(1, 2_000, 1_000, 0, 1, 0, Duration.ofSeconds(2)));
    }

    @Test
    void theBarNeverGoesBack() {
        var meter = new DemoMeter(0);
        meter.progress(metrics(1_000), ALL_READ, SECOND);

        // More was loaded since, so a smaller share of it is read.
        var later = meter.progress(metrics(1_000), new FlightsRead.Look(0.5, 70, 5), 2 * SECOND);

        assertThat(later.inputShare()).isEqualTo(0.5);
    }

    @Test
    void speedIsMaxOrAPositiveNumber() {
        var converter = new SpeedConverter();

        assertThat(converter.convert("max")).isInfinite();
        assertThat(converter.convert("3600")).isEqualTo(3600);
        for (var wrong : new String[] {"0", "-1", "fast", "NaN", "Infinity"}) {
            assertThatThrownBy(() -> converter.convert(wrong))
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessageEndingWith("was " + wrong);
        }
    }

    private static JobMetrics metrics(long recordsIn) {
        return new JobMetrics(
                JobState.RUNNING, null, 1, 1, recordsIn, 0, 0, 0, Map.of("files/lines", 0.5), 0, Map.of());
    }
}
