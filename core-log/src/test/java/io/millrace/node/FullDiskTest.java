package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.kernel.ManualClock;
import io.millrace.log.DiskSpace;
import io.millrace.log.FaultyLogStorage;
import io.millrace.log.FaultyLogStorage.Effect;
import io.millrace.log.FaultyLogStorage.Operation;
import io.millrace.log.LogFile;
import io.millrace.log.LogStorage;
import io.millrace.log.MemoryLogStorage;
import io.millrace.log.StorageException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a node does on a disk that is full, or nearly (S9). */
final class FullDiskTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final long GIB = 1L << 30;
    private static final int SMALL_DISK_BYTES = 8 << 20;

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);
    private final MemoryLogStorage memory = new MemoryLogStorage();
    private final FaultyLogStorage disk = new FaultyLogStorage(memory);

    private SteppedLog open(LogStorage storage) {
        return new SteppedLog(1, storage, NodeConfig.DEFAULT, clock);
    }

    private static Producer producer(SteppedLog log) {
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        return producer;
    }

    private static Transaction begin(SteppedLog log, String id) {
        Producer producer = log.client().openProducer(ProducerOptions.transactional(id));
        log.answer(producer.ready());
        return producer.begin();
    }

    @Test
    void refusesRecordsWhileTooLittleIsFreeAndTakesThemAgain() {
        SteppedLog log = open(disk);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = producer(log);
        log.answer(producer.append(T0, Records.batch("before")));

        disk.pretend(new DiskSpace(4, 100));
        log.passTime(Duration.ofSeconds(1));
        Pending<?> refused = producer.append(T0, Records.batch("refused"));
        assertThat(log.refusal(refused)).isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);
        assertThat(refused.error().isRetriable()).isTrue();
        assertThat(refused.message()).contains("4 bytes free of 100", "free some space");
        assertThat(log.node().shortage()).isPresent();
        assertThat(log.node().failure()).isEmpty();

        disk.pretend(null);
        log.passTime(Duration.ofSeconds(1));
        log.answer(producer.append(T0, Records.batch("after")));
        assertThat(log.node().shortage()).isEmpty();
        assertThat(Records.committed(log.client(), T0)).containsExactly("before", "after");
    }

    @Test
    void goesOnWithEverythingElse() {
        SteppedLog log = open(disk);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Transaction open = begin(log, "tx");
        log.answer(open.append(T0, Records.batch("a", "b")));
        disk.pretend(new DiskSpace(0, 100));
        log.passTime(Duration.ofSeconds(1));

        log.answer(open.commitOffsets("g", Map.of(T0, new CommittedOffset(1))));
        log.answer(open.commit());
        log.answer(open.completed());
        log.answer(log.client().commitOffsets("h", Map.of(T0, new CommittedOffset(2))));
        log.answer(log.client().createTopic(new NewTopic("u", 1)));
        log.answer(log.client().deleteRecords(T0, 1));

        assertThat(Records.committed(log.client(), T0)).containsExactly("b");
    }

    @Test
    void aTransactionWhoseRecordsWereRefusedLeavesNothing() {
        SteppedLog log = open(disk);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Transaction open = begin(log, "tx");
        disk.pretend(new DiskSpace(0, 100));
        log.passTime(Duration.ofSeconds(1));
        assertThat(log.refusal(open.append(T0, Records.batch("a")))).isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);
        log.answer(open.abort());

        disk.pretend(null);
        log.passTime(Duration.ofSeconds(1));
        Transaction again = begin(log, "tx");
        log.answer(again.append(T0, Records.batch("b")));
        log.answer(again.commit());
        log.answer(again.completed());

        assertThat(Records.committed(log.client(), T0)).containsExactly("b");
    }

    @Test
    void asksNoLargeDiskForMoreThanAGibibyte() {
        SteppedLog log = open(disk);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = producer(log);

        disk.pretend(new DiskSpace(100 * GIB, 2048 * GIB)); // 95 % full
        log.passTime(Duration.ofSeconds(1));
        log.answer(producer.append(T0, Records.batch("taken")));

        disk.pretend(new DiskSpace(GIB - 1, 2048 * GIB));
        log.passTime(Duration.ofSeconds(1));
        assertThat(log.refusal(producer.append(T0, Records.batch("refused"))))
                .isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);
    }

    @Test
    void theBallastLeavesRoomForPositionsAndMarkersOnAFullDisk() {
        MemoryLogStorage small = new MemoryLogStorage(SMALL_DISK_BYTES);
        SteppedLog log = open(small);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Transaction open = begin(log, "tx");
        log.answer(open.append(T0, Records.batch("a")));
        long ballast = small.setAsideBytes();
        assertThat(ballast).isEqualTo(SMALL_DISK_BYTES / 20 / 2);

        fill(small, "somebody-else");
        log.passTime(Duration.ofSeconds(15));
        assertThat(small.setAsideBytes()).isZero();
        assertThat(small.space().usableBytes()).isGreaterThan(ballast * 9 / 10);
        log.answer(open.commit());
        log.answer(open.completed());
        log.answer(log.client().commitOffsets("g", Map.of(T0, new CommittedOffset(1))));
        assertThat(log.refusal(producer(log).append(T0, Records.batch("b"))))
                .as("what the ballast left is not for users' records")
                .isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);

        small.delete("somebody-else");
        log.passTime(Duration.ofSeconds(15));
        assertThat(small.setAsideBytes()).isEqualTo(ballast);
        log.answer(producer(log).append(T0, Records.batch("b")));
    }

    @Test
    void opensOnADiskThatHasFilledUp() {
        MemoryLogStorage small = new MemoryLogStorage(SMALL_DISK_BYTES);
        try (SteppedLog log = open(small)) {
            log.answer(log.client().createTopic(new NewTopic("t", 1)));
            log.answer(producer(log).append(T0, Records.batch("a")));
        }
        fill(small, "somebody-else");

        try (SteppedLog log = open(small)) {
            assertThat(Records.committed(log.client(), T0)).containsExactly("a");
            log.answer(log.client().commitOffsets("g", Map.of(T0, new CommittedOffset(1))));
        }
        assertThat(small.exists(".kafka_cleanshutdown")).isTrue();
    }

    @Test
    void triesRefusedMarkersAgainEverMoreSeldomAndAtOnceWhenThereIsRoom() {
        SteppedLog log = open(disk);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Transaction open = begin(log, "tx");
        log.answer(open.append(T0, Records.batch("a")));
        Pending<Void> decided = open.commit();
        while (!decided.isDone()) {
            log.scheduler().stepOne();
        }
        disk.pretend(new DiskSpace(0, 100));
        int refusals = 1_000;
        for (int i = 1; i <= refusals; i++) {
            disk.failAt(Operation.WRITE, i, Effect.NO_SPACE);
        }
        long before = disk.count(Operation.WRITE);
        log.passTime(Duration.ofMinutes(10));
        long attempts = disk.count(Operation.WRITE) - before;
        // Checkpoints are among them; one attempt a second would be 600.
        assertThat(attempts).isBetween(5L, 150L);

        for (long i = attempts; i < refusals; i++) {
            fillUp(disk);
        }
        disk.pretend(null);
        long nowMs = log.nowMs();
        log.answer(open.completed());
        assertThat(log.nowMs() - nowMs)
                .as("the next look at the disk, not the end of the delay")
                .isLessThanOrEqualTo(15_000);
        assertThat(Records.committed(log.client(), T0)).containsExactly("a");
    }

    /** Uses up one planned refusal. */
    private static void fillUp(LogStorage storage) {
        try {
            storage.open("scratch", LogStorage.Open.CREATE).write(0, ByteBuffer.allocate(1));
        } catch (StorageException e) {
            assertThat(e.kind()).isEqualTo(StorageException.Kind.NO_SPACE);
        }
    }

    private static void fill(LogStorage storage, String path) {
        LogFile file = storage.open(path, LogStorage.Open.CREATE);
        file.write(0, ByteBuffer.allocate((int) storage.space().usableBytes()));
    }
}
