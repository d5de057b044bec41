package io.millrace.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.StorageException;
import io.millrace.streams.JobMetrics;
import io.millrace.streams.JobState;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class DemoMeterTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void ratesAreTakenSinceTheLastShowing() {
        var meter = new DemoMeter(0);

        assertThat(meter.progress(metrics(1_000), 1, SECOND).recordsPerSecond()).isEqualTo(1_000);
        assertThat(meter.progress(metrics(2_000), 1, 3 * SECOND).recordsPerSecond())
                .isEqualTo(500);
    }

    @Test
    void aRestartedAttemptCountsFromZeroWithoutANegativeRate() {
        var meter = new DemoMeter(0);
        meter.progress(metrics(1_000), 1, SECOND);

        assertThat(meter.progress(metrics(10), 1, 2 * SECOND).recordsPerSecond())
                .isZero();
    }

    @Test
    void theBarEndsWhenAllThatIsLoadedIsCounted() {
        var meter = new DemoMeter(0);

        assertThat(meter.progress(metrics(1_000), 0.5, SECOND).inputShare()).isEqualTo(0.375);
        assertThat(meter.end(metrics(2_000), 2 * SECOND))
                .isEqualTo(new DemoProgress(1, 2_000, 1_000, 0, 1, 0, Duration.ofSeconds(2)));
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

    @Test
    void aFullDiskAndADirectoryInUseSayWhatToDo() {
        var full = new StorageException(StorageException.Kind.NO_SPACE, "cannot write flights-0", null);
        var locked = new StorageException(StorageException.Kind.LOCKED, "in use", null);

        assertThat(DemoFailure.sentence(new IllegalStateException("the job failed", full)))
                .startsWith("The disk is full: free some space");
        assertThat(DemoFailure.sentence(locked)).contains("--data-dir");
        assertThat(DemoFailure.sentence(new IllegalStateException("line 3 is bad")))
                .isEqualTo("The demo stopped: line 3 is bad");
    }

    private static JobMetrics metrics(long recordsIn) {
        return new JobMetrics(
                JobState.RUNNING, null, 1, 1, recordsIn, 0, 0, 0, Map.of("files/lines", 0.5), 0, Map.of());
    }
}
