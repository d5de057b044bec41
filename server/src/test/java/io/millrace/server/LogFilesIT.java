package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesIT {

    private static final int BYTE_OF_A_RECORD = 70;

    @TempDir
    Path directory;

    private Path partition;

    @BeforeEach
    void writeTwoBatches() throws Exception {
        try (var cli = new Cli(directory)) {
            cli.runWith("a:1\nb:2\n", "produce", "letters", "-K", ":");
            cli.runWith("c:3\n", "produce", "letters", "-K", ":", "-z", "gzip");
        }
        partition = directory.resolve("letters-0");
    }

    @Test
    void batchesAndRecordsAreShown() {
        var batches = Cli.runAlone("", "log", "dump", partition.toString(), "--json");
        assertThat(batches.lines()).hasSize(2);
        assertThat(batches.lines().get(0))
                .contains("\"partition\":\"letters-0\"", "\"baseOffset\":0", "\"records\":2", "\"crc\":\"ok\"");
        assertThat(batches.lines().get(1)).contains("\"baseOffset\":2", "\"compression\":\"gzip\"");

        var records = Cli.runAlone("", "log", "dump", "--records", partition.toString());
        assertThat(records.lines()).hasSize(4);
        assertThat(records.lines().get(3)).containsPattern("letters-0 +2 +\\d+ +plain +c +3 +-");
    }

    @Test
    void aSoundDirectoryIsSaidToBeSound() {
        var verified = Cli.runAlone("", "log", "verify", directory.toString(), "--json");

        assertThat(verified.code()).isZero();
        assertThat(verified.out())
                .contains("\"partition\":\"letters-0\",\"segment\":\"00000000000000000000.log\","
                        + "\"batches\":2,\"records\":3");
    }

    @Test
    void aFlippedBitIsFound() throws Exception {
        try (var file = new RandomAccessFile(
                partition.resolve("00000000000000000000.log").toFile(), "rw")) {
            file.seek(BYTE_OF_A_RECORD);
            int was = file.read();
            file.seek(BYTE_OF_A_RECORD);
            file.write(was ^ 1);
        }

        var verified = Cli.runAlone("", "log", "verify", partition.toString());

        assertThat(verified.code()).isEqualTo(1);
        assertThat(verified.out()).contains("position 0, offset 0: its checksum is wrong");
        assertThat(Cli.runAlone("", "log", "dump", partition.toString()).lines().get(1))
                .endsWith("wrong");
    }

    @Test
    void aTornTailIsFound() throws Exception {
        Path file = partition.resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));

        var verified = Cli.runAlone("", "log", "verify", partition.toString());

        assertThat(verified.code()).isEqualTo(1);
        assertThat(verified.out()).contains("are there");
        assertThat(Cli.runAlone("", "log", "verify", directory.resolve("none").toString())
                        .err())
                .contains("is no directory");
    }
}
