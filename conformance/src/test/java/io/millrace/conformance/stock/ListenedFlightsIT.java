package io.millrace.conformance.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.samples.flights.Differences;
import io.millrace.samples.flights.SqlAnswer;
import io.millrace.server.MillraceCommand;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The flight-delay job, started with {@code --listen} and killed, beside a stock consumer that reads its board all the while: in the
 * end the reader's table is what SQL finds in the same files.
 */
class ListenedFlightsIT {

    private static final double MONTH_SECONDS = Duration.ofDays(31).toSeconds();
    private static final Duration INPUT_PER_ROUND = Duration.ofSeconds(4);
    private static final Duration LIFE_AFTER_READING_MAX = Duration.ofSeconds(1);
    private static final Duration READ_MAX = Duration.ofMinutes(2);

    /** What the reader has seen of a life before the job may be killed. */
    private static final int RECORDS_PER_LIFE_MIN = 100;

    @TempDir
    Path scratch;

    @Test
    void aReaderThatSeesTheJobKilledTwiceHasTheTableOfSql() throws Exception {
        kill(2);
    }

    @Test
    @Tag("long")
    void aReaderThatSeesTheJobKilledTenTimesHasTheTableOfSql() throws Exception {
        kill(10);
    }

    private void kill(int rounds) throws Exception {
        var seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println("listened flights: seed " + seed + "; -Dmillrace.seed=" + seed + " repeats its moments");
        var random = new Random(seed);
        var address = "127.0.0.1:" + freePort();
        var speed = MONTH_SECONDS / (rounds * INPUT_PER_ROUND.toSeconds());
        ChildJvm job = start(address, speed, 1);
        try (var board = awaitBoard(job, address)) {
            for (var round = 1; round <= rounds; round++) {
                watchALife(board, job, random.nextLong(LIFE_AFTER_READING_MAX.toNanos()));
                job.kill();
                board.poll();
                job = start(address, round < rounds ? speed : Double.MAX_VALUE, round + 1);
            }
            watchToTheEnd(board, job);
            var answer = SqlAnswer.compute(scratch);
            assertThat(Differences.between(board.table(), answer.board()))
                    .as("seed %d, after %d records: %s", seed, board.records(), job.said())
                    .isEmpty();
        } finally {
            job.close();
        }
    }

    private static WatchedBoard awaitBoard(ChildJvm job, String address) throws Exception {
        job.await("RUNNING"); // it has made its topics
        return new WatchedBoard(address);
    }

    /** Reads until something of this life has come, and for a while longer. */
    private static void watchALife(WatchedBoard board, ChildJvm job, long longerNs) throws Exception {
        var before = board.records();
        var endNs = System.nanoTime() + READ_MAX.toNanos();
        while (board.records() < before + RECORDS_PER_LIFE_MIN && !job.said().contains("DONE")) {
            pollAlive(board, job, endNs);
        }
        for (var untilNs = System.nanoTime() + longerNs; System.nanoTime() < untilNs; ) {
            pollAlive(board, job, endNs);
        }
    }

    private static void watchToTheEnd(WatchedBoard board, ChildJvm job) throws Exception {
        var endNs = System.nanoTime() + READ_MAX.toNanos();
        while (!job.said().contains("DONE")) {
            pollAlive(board, job, endNs);
        }
        board.readToTheEnd();
    }

    private static void pollAlive(WatchedBoard board, ChildJvm job, long endNs) throws Exception {
        assertThat(job.isAlive()).as("the job lives: %s", job.said()).isTrue();
        assertThat(System.nanoTime()).as("in time: %s", job.said()).isLessThan(endNs);
        board.poll();
    }

    /** As {@code ./millrace run --listen} does. */
    private ChildJvm start(String address, double speed, int life) throws Exception {
        return ChildJvm.start(
                scratch.resolve("life-" + life + ".txt"),
                MillraceCommand.class.getName(),
                "run",
                "--listen",
                address,
                ListenedFlights.class.getName(),
                scratch.resolve("data").toString(),
                Double.toString(speed));
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
