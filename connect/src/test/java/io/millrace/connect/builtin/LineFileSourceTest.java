package io.millrace.connect.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.kernel.ManualClock;
import io.millrace.streams.Source;
import io.millrace.streams.Source.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileSourceTest {

    private static final String TEXT = "header\nfirst\r\nzweite Zeile: größer\n\nfourth\nlast without an ending";
    private static final List<String> LINES =
            List.of("first", "zweite Zeile: größer", "", "fourth", "last without an ending");

    @TempDir
    Path directory;

    @Test
    void readsAPlainFile() throws Exception {
        var source = source(write("a.txt", TEXT));

        assertThat(readAll(source, Map.of(), 2)).isEqualTo(LINES);
    }

    @Test
    void readsAPackedFile() throws Exception {
        var source = source(writePacked("a.txt.gz", TEXT));

        assertThat(readAll(source, Map.of(), 2)).isEqualTo(LINES);
    }

    @Test
    void readsAResourceOfTheClassPath() throws Exception {
        var source = LineFileSource.lines(LineInput.resource(LineFileSourceTest.class, "three-lines.txt"));

        assertThat(readAll(source, Map.of(), 10)).containsExactly("one", "two", "three");
    }

    @Test
    void aLineThatSaysNoTimeHasThatOfItsReading() throws Exception {
        var clock = new ManualClock(1_000);
        var source = LineFileSource.lines(LineInput.file(write("a.txt", "one\ntwo")), clock);

        try (var reader = source.open("lines", Map.of())) {
            assertThat(reader.poll(1).records()).containsExactly(new SourceRecord<>("a.txt", "one", 1_000));
            clock.advance(Duration.ofSeconds(2));
            assertThat(reader.poll(1).records()).containsExactly(new SourceRecord<>("a.txt", "two", 3_000));
        }
    }

    @Test
    void readsTheFilesOfASplitInTheirOrder() throws Exception {
        var source = source(write("b.txt", "header\n1\n2\n"), writePacked("a.gz", "header\n3"), write("c", "header\n"));

        assertThat(readAll(source, Map.of(), 100)).containsExactly("1", "2", "3");
    }

    @Test
    void readsSplitsSideBySide() throws Exception {
        var source = LineFileSource.sideBySide(
                Map.of("even", List.of(file(write("e", "h\n2\n4"))), "odd", List.of(file(write("o", "h\n1\n3")))));

        assertThat(source.splits()).containsExactlyInAnyOrder("even", "odd");
        assertThat(linesOf(source.open("odd", Map.of()).poll(10).records())).containsExactly("1", "3");
        assertThat(linesOf(source.open("even", Map.of()).poll(10).records())).containsExactly("2", "4");
    }

    @Test
    void goesOnBehindEveryLine() throws Exception {
        var source = source(
                write("plain.txt", TEXT),
                writePacked("packed.gz", TEXT),
                write("empty", ""),
                write("end", "header\nx"));
        var all = readAll(source, Map.of(), 100);
        assertThat(all).hasSize(11);

        try (var reader = source.open("lines", Map.of())) {
            for (var taken = 1; taken <= all.size(); taken++) {
                var position = reader.poll(1).nextPosition();
                assertThat(readAll(source, position, 3))
                        .as("behind line %d, position %s", taken, position)
                        .isEqualTo(all.subList(taken, all.size()));
            }
        }
    }

    @Test
    void endsOnceAndStaysEnded() throws Exception {
        var source = source(write("a", "header\n1"));
        try (var reader = source.open("lines", Map.of())) {
            var batch = reader.poll(10);
            assertThat(batch.ended()).isTrue();

            var again = reader.poll(10);

            assertThat(again.records()).isEmpty();
            assertThat(again.ended()).isTrue();
            assertThat(again.nextPosition()).isEqualTo(batch.nextPosition());
        }
        try (var reader = source.open("lines", endOf(source))) {
            assertThat(reader.progress()).isEqualTo(1);
            assertThat(reader.poll(10).ended()).isTrue();
        }
    }

    @Test
    void aLineThatCannotBeParsedIsNamedWithItsFileItsNumberAndTheReason() throws Exception {
        var source = source(write("a.txt", "header\nfine\nbad line\n"));
        var reader = source.open("lines", Map.of());
        assertThat(linesOf(reader.poll(1).records())).containsExactly("fine");

        assertThatThrownBy(() -> reader.poll(1))
                .isInstanceOf(UnreadableLineException.class)
                .hasMessage("a.txt, line 3 cannot be read: expected a good line; the line is \"bad line\"");
        reader.close();
    }

    @Test
    void aLongLineIsQuotedByItsBeginning() throws Exception {
        var source = source(write("a.txt", "header\nbad " + "x".repeat(1000)));
        var reader = source.open("lines", Map.of());

        assertThatThrownBy(() -> reader.poll(1))
                .satisfies(e -> assertThat(e.getMessage()).endsWith("the line begins \"bad " + "x".repeat(76) + "…\""));
        reader.close();
    }

    @Test
    void bytesThatAreNotTextAreRefused() throws Exception {
        var path = directory.resolve("a.txt");
        Files.write(path, new byte[] {'h', '\n', 'a', '\n', 'b', (byte) 0xC3, '\n'});
        var reader = source(path).open("lines", Map.of());
        assertThat(linesOf(reader.poll(1).records())).containsExactly("a");

        assertThatThrownBy(() -> reader.poll(1)).hasMessage("a.txt, line 3 cannot be read: it is not UTF-8");
        reader.close();
    }

    @Test
    void aPackedFileThatIsCutOffIsNamed() throws Exception {
        var whole = Files.readAllBytes(writePacked("whole.gz", "header\n" + "a line\n".repeat(100_000)));
        var cut = directory.resolve("cut.gz");
        Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
        var source = source(cut);

        assertThatThrownBy(() -> readAll(source, Map.of(), 1000))
                .hasMessageMatching("cut.gz, line \\d+ cannot be read: .+");
    }

    @Test
    void aFileThatIsNotPackedButSaysSoIsNamed() throws Exception {
        var source = source(write("plain.gz", "header\na line\n"));

        assertThatThrownBy(() -> readAll(source, Map.of(), 1000))
                .hasMessage("The input plain.gz cannot be read: Not in GZIP format.");
    }

    @Test
    void aMissingFileIsNamed() {
        var source = source(directory.resolve("nowhere.txt"));

        assertThatThrownBy(() -> source.open("lines", Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere.txt is not a file that can be read");
    }

    @Test
    void anotherFileAtTheSamePlaceIsRefused() throws Exception {
        var position = positionAfterTwo(source(write("a.txt", "header\n1\n2\n3\n")));
        var renamed = source(write("b.txt", "header\n1\n2\n3\n"));

        assertThatThrownBy(() -> renamed.open("lines", position))
                .hasMessageContaining("a.txt")
                .hasMessageContaining("[b.txt]");
    }

    @Test
    void anotherFileIsRefusedAlsoWhenTheFirstWasReadToItsEnd() throws Exception {
        var position = endOf(source(write("a.txt", "header\n1\n")));
        var renamed = source(write("b.txt", "header\n2\n"));

        assertThatThrownBy(() -> renamed.open("lines", position))
                .isInstanceOfSatisfying(ChangedInputException.class, e -> assertThat(e.readBefore())
                        .isEqualTo("a.txt"))
                .hasMessageContaining("[b.txt]");
    }

    @Test
    void aSplitWithoutFilesIsRefused() {
        assertThatThrownBy(LineFileSourceTest::source).hasMessageContaining("the split lines has no files");
    }

    @Test
    void aFileThatBecameShorterIsRefused() throws Exception {
        var plain = source(write("a.txt", "header\n1\n2\n3\n"));
        var packed = source(writePacked("a.gz", "header\n1\n2\n3\n"));
        var plainPosition = positionAfterTwo(plain);
        var packedPosition = positionAfterTwo(packed);
        write("a.txt", "header\n1\n");
        writePacked("a.gz", "header\n1\n");

        assertThatThrownBy(() -> plain.open("lines", plainPosition).poll(1))
                .hasMessageContaining("9 bytes")
                .hasMessageContaining("byte 11");
        assertThatThrownBy(() -> packed.open("lines", packedPosition).poll(1))
                .hasMessageContaining("is not what was read before");
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws Exception {
        var source = LineFileSource.inOrder(List.of(
                new LineFile<>(LineInput.file(write("a.txt", "\uFEFFfirst\nsecond")), 0, LineFileSourceTest::parse)));

        assertThat(readAll(source, Map.of(), 10)).containsExactly("first", "second");
    }

    @Test
    void aLineLongerThanTheBufferIsReadWhole() throws Exception {
        var line = "0123456789".repeat(50_000);
        var source = source(write("a.txt", "header\n" + line + "\nnext\n"));

        assertThat(readAll(source, Map.of(), 10)).containsExactly(line, "next");
    }

    @Test
    void progressGoesFromZeroToOne() throws Exception {
        var source = source(
                writePacked("a.gz", "header\n" + "line\n".repeat(10)), write("b", "header\n" + "x\n".repeat(10)));
        try (var reader = source.open("lines", Map.of())) {
            assertThat(reader.progress()).isZero();
            var last = 0.0;
            while (!reader.poll(3).ended()) {
                assertThat(reader.progress()).isBetween(last, 1.0);
                last = reader.progress();
            }
            assertThat(reader.progress()).isEqualTo(1);
        }
    }

    private static LineFileSource<String, String> source(Path... paths) {
        return LineFileSource.inOrder(
                java.util.Arrays.stream(paths).map(LineFileSourceTest::file).toList());
    }

    private static LineFile<String, String> file(Path path) {
        return new LineFile<>(LineInput.file(path), 1, LineFileSourceTest::parse);
    }

    private static SourceRecord<String, String> parse(String line) {
        if (line.startsWith("bad")) {
            throw new IllegalArgumentException("expected a good line");
        }
        return new SourceRecord<>("key", line, line.length());
    }

    private static List<String> readAll(Source<String, String> source, Map<String, String> position, int recordsMax)
            throws Exception {
        var lines = new ArrayList<String>();
        try (var reader = source.open("lines", position)) {
            while (true) {
                var batch = reader.poll(recordsMax);
                assertThat(batch.records()).hasSizeLessThanOrEqualTo(recordsMax);
                lines.addAll(linesOf(batch.records()));
                if (batch.ended()) {
                    return lines;
                }
            }
        }
    }

    private static Map<String, String> endOf(Source<String, String> source) throws Exception {
        try (var reader = source.open("lines", Map.of())) {
            return reader.poll(1000).nextPosition();
        }
    }

    private static Map<String, String> positionAfterTwo(Source<String, String> source) throws Exception {
        try (var reader = source.open("lines", Map.of())) {
            return reader.poll(2).nextPosition();
        }
    }

    private static List<String> linesOf(List<SourceRecord<String, String>> records) {
        return records.stream().map(SourceRecord::value).toList();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Path writePacked(String name, String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var packed = new GZIPOutputStream(bytes)) {
            packed.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return Files.write(directory.resolve(name), bytes.toByteArray());
    }
}
