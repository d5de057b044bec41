package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Pending;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
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

    /** Four segments of batches that are all in the indexes, with an aborted transaction among them. */
    private Path indexed() throws Exception {
        Path node = directory.resolve("indexed");
        var waiter = new Waiter();
        try (var cli = new Cli(node);
                var client = cli.node().log().newClient(waiter)) {
            cli.run(
                    "topics",
                    "create",
                    "many",
                    "--config",
                    "index.interval.bytes=0",
                    "--config",
                    "segment.bytes=1048576");
            cli.runWith("x".repeat(10_000) + "\n", "produce", "many");
            var producer = client.openProducer(ProducerOptions.transactional("writer"));
            await(waiter, producer.ready());
            var aborted = producer.begin();
            var batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 10);
            batch.append(System.currentTimeMillis(), null, new byte[10], Header.NONE);
            await(waiter, aborted.append(new TopicPartition("many", 0), batch));
            await(waiter, aborted.abort());
            await(waiter, aborted.completed());
            for (int i = 0; i < 300; i++) {
                cli.runWith("y".repeat(10_000) + "\n", "produce", "many");
            }
        }
        return node.resolve("many-0");
    }

    private static void await(Waiter waiter, Pending<?> pending) throws InterruptedException {
        assertThat(waiter.await(pending::isDone, Duration.ofSeconds(30), SystemClock.INSTANCE))
                .isTrue();
        pending.value();
    }

    @Test
    void anIndexThatLeadsAstrayIsFound() throws Exception {
        Path many = indexed();
        assertThat(verify(many)).isEqualTo("");

        String first = "00000000000000000000";
        assertThat(verifyWith(many.resolve(first + ".index"), 15, 1))
                .contains(".index, entry 1: no batch begins at position");
        assertThat(verifyWith(many.resolve(first + ".index"), 8, 0x7f))
                .contains(".index, entry 2: it is not behind the entry before");
        assertThat(verifyWith(many.resolve(first + ".timeindex"), 2, 0x7f)).contains(".timeindex, entry");
        assertThat(verifyWith(many.resolve(first + ".txnindex"), 9, 1))
                .contains(".txnindex lacks the transaction of producer");
        Path aborted = many.resolve(first + ".txnindex");
        Files.delete(aborted);
        assertThat(verify(many))
                .contains(".txnindex lacks the transaction of producer")
                .contains("aborted at offset 2");
        Path index = many.resolve(first + ".index");
        Files.write(index, Arrays.copyOf(Files.readAllBytes(index), 13));
        assertThat(verify(many)).contains(".index ends within an entry");
    }

    /** What is said when this byte of a file is another one. */
    private String verifyWith(Path file, int at, int flipped) throws Exception {
        byte[] sound = Files.readAllBytes(file);
        byte[] damaged = sound.clone();
        damaged[at] ^= (byte) flipped;
        Files.write(file, damaged);
        String said = verify(file.getParent());
        Files.write(file, sound);
        return said;
    }

    /** The problems that are found. */
    private static String verify(Path partition) {
        var verified = Cli.runAlone("", "log", "verify", partition.toString(), "--json");
        String problems = verified.lines().stream()
                .filter(line -> !line.contains("\"problem\":null"))
                .collect(Collectors.joining());
        assertThat(verified.code()).isEqualTo(problems.isEmpty() ? 0 : 1);
        return problems;
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
