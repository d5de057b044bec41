package io.millrace.connect.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kernel.ManualClock;
import io.millrace.streams.Source;
import io.millrace.streams.Source.SourceRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacedSourceTest {

    private static final int ALL = 100;

    private final ManualClock clock = new ManualClock(0);

    @TempDir
    Path directory;

    private Source<String, String> timesTen;

    /** Lines are their own timestamps in seconds; nothing is played across more than ten minutes. */
    @BeforeEach
    void replayAtTenTimesTheSpeed() throws Exception {
        var file = Files.writeString(directory.resolve("seconds.txt"), "0\n10\n10\n20\n100000\n100010\n");
        var lines = LineFileSource.inOrder(List.of(new LineFile<>(
                LineInput.file(file), 0, line -> new SourceRecord<>("", line, 1000 * Long.parseLong(line)))));
        timesTen = new PacedSource<>(lines, 10, Duration.ofMinutes(10), clock);
    }

    @Test
    void handsOutWhatIsDue() throws Exception {
        try (var reader = timesTen.open("lines", Map.of())) {
            assertThat(poll(reader)).containsExactly("0");
            clock.advance(Duration.ofMillis(999));
            assertThat(poll(reader)).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(poll(reader)).containsExactly("10", "10");
        }
    }

    @Test
    void doesNotWaitForALongGap() throws Exception {
        try (var reader = timesTen.open("lines", Map.of())) {
            assertThat(poll(reader)).containsExactly("0");
            clock.advance(Duration.ofSeconds(2));
            assertThat(poll(reader)).containsExactly("10", "10", "20", "100000");
            clock.advance(Duration.ofSeconds(1));
            assertThat(poll(reader)).containsExactly("100010");
            assertThat(reader.poll(ALL).ended()).isTrue();
        }
    }

    @Test
    void thePositionLiesBeforeTheRecordThatIsHeldBack() throws Exception {
        Map<String, String> position;
        try (var reader = timesTen.open("lines", Map.of())) {
            position = reader.poll(ALL).nextPosition();
        }

        try (var reader = timesTen.open("lines", position)) {
            assertThat(poll(reader)).containsExactly("10", "10");
        }
    }

    @Test
    void takesNoMoreThanWasAskedFor() throws Exception {
        clock.advance(Duration.ofDays(1));
        try (var reader = timesTen.open("lines", Map.of())) {
            poll(reader);
            clock.advance(Duration.ofDays(1));
            assertThat(reader.poll(2).records()).hasSize(2);
        }
    }

    private static List<String> poll(Source.Reader<String, String> reader) throws Exception {
        return reader.poll(ALL).records().stream().map(SourceRecord::value).toList();
    }
}
