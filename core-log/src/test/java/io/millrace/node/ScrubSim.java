package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Appended;
import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Agent;
import io.millrace.kernel.ManualClock;
import io.millrace.log.LogFile;
import io.millrace.log.LogStorage;
import io.millrace.log.MemoryLogStorage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bits rot in sealed segments; scrubbing finds every one of them and touches nothing else (S10). */
final class ScrubSim {

    private static final int PARTITIONS = 3;
    private static final Duration INTERVAL = Duration.ofHours(1);

    private static NodeConfig config(long bytesPerSecond) {
        return NodeConfig.DEFAULT
                .withTopicDefault("internal.segment.bytes", "1500")
                .withTopicDefault("retention.ms", "-1")
                .withScrub(new ScrubLimits(bytesPerSecond, INTERVAL));
    }

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);

    @Test
    void findsEveryRottenSegmentAndNothingElse() {
        for (long seed = 1; seed <= 60; seed++) {
            new ScrubSim().run(seed);
        }
    }

    @Test
    @Tag("long")
    void findsEveryRottenSegmentInManyWorlds() {
        for (long seed = 1_000; seed < 2_000; seed++) {
            new ScrubSim().run(seed);
        }
    }

    private void run(long seed) {
        Random random = new Random(seed);
        MemoryLogStorage storage = new MemoryLogStorage();
        SteppedLog log = new SteppedLog(seed, storage, config(5_000), clock);
        log.answer(log.client().createTopic(new NewTopic("t", PARTITIONS)));
        for (int life = random.nextInt(3); life >= 0; life--) {
            Producer producer = producer(log);
            for (int i = 60 + random.nextInt(60); i > 0; i--) {
                log.answer(producer.append(partition(random.nextInt(PARTITIONS)), Records.batch("v".repeat(i))));
            }
            log.passTime(INTERVAL.multipliedBy(1 + random.nextInt(2)));
            storage = storage.crash(random.nextLong());
            log = new SteppedLog(random.nextLong(), storage, config(5_000), clock);
        }
        TreeMap<Integer, String> rotten = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            int index = random.nextInt(PARTITIONS);
            boolean isSealedInPart = logs(storage, partition(index).toString()).size() > 1;
            if (isSealedInPart && !rotten.containsKey(index)) {
                rotten.put(index, rot(storage, partition(index).toString(), random));
            }
        }
        log.passTime(INTERVAL.multipliedBy(2));
        requireRefused(seed, log, rotten);

        storage = storage.crash(random.nextLong());
        requireRefused(seed, new SteppedLog(random.nextLong(), storage, config(0), clock), rotten);
    }

    private static void requireRefused(long seed, SteppedLog log, TreeMap<Integer, String> rotten) {
        Producer producer = producer(log);
        for (int index = 0; index < PARTITIONS; index++) {
            Pending<Appended> append = producer.append(partition(index), Records.batch("after"));
            log.until(append::isDone);
            String file = rotten.get(index);
            assertThat(append.error())
                    .as("seed %d, partition %d, rotten %s: %s", seed, index, rotten, append.message())
                    .isEqualTo(file == null ? ErrorCode.NONE : ErrorCode.KAFKA_STORAGE_ERROR);
            if (file != null) {
                assertThat(append.message()).contains(file, "Restore the file");
                producer = producer(log);
            }
        }
    }

    /** Flips one bit in a segment that is not the last one; returns its file. */
    private static String rot(LogStorage storage, String directory, Random random) {
        List<String> logs = logs(storage, directory);
        String path = directory + "/" + logs.get(random.nextInt(logs.size() - 1));
        LogFile file = storage.open(path, LogStorage.Open.EXISTING);
        byte[] content = storage.readAll(path);
        int at = random.nextInt(content.length);
        file.write(at, ByteBuffer.wrap(new byte[] {(byte) (content[at] ^ (1 << random.nextInt(8)))}));
        file.sync();
        return path;
    }

    private static List<String> logs(LogStorage storage, String directory) {
        return storage.list(directory).stream()
                .filter(name -> name.endsWith(".log"))
                .toList();
    }

    private static TopicPartition partition(int index) {
        return new TopicPartition("t", index);
    }

    private static Producer producer(SteppedLog log) {
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        return producer;
    }

    private static SteppedLog filled(MemoryLogStorage storage, ManualClock clock, long bytesPerSecond) {
        SteppedLog log = new SteppedLog(1, storage, config(bytesPerSecond), clock);
        log.answer(log.client().createTopic(new NewTopic("t", PARTITIONS)));
        Producer producer = producer(log);
        for (int i = 0; i < 300; i++) {
            log.answer(producer.append(partition(i % PARTITIONS), Records.batch("v".repeat(300))));
        }
        return log;
    }

    @Test
    void readsNoFasterThanItMayAndGoesOnWhereAnotherLifeStopped() {
        MemoryLogStorage storage = new MemoryLogStorage();
        SteppedLog log = filled(storage, clock, 1_000);
        long bytes = 0;
        for (int index = 0; index < PARTITIONS; index++) {
            for (String name : logs(storage, partition(index).toString())) {
                bytes += storage.readAll(partition(index) + "/" + name).length;
            }
        }
        Duration whole = Duration.ofMillis(bytes); // at 1,000 bytes per second
        log.passTime(whole.multipliedBy(6).dividedBy(10));
        assertThat(ScrubCheckpoint.read(storage).orElseThrow().isOver()).isFalse();
        long beganMs = ScrubCheckpoint.read(storage).orElseThrow().beganMs();
        log.close();

        SteppedLog next = new SteppedLog(2, storage, config(1_000), clock);
        next.passTime(whole.multipliedBy(9).dividedBy(10)); // too little to begin anew

        ScrubCheckpoint reached = ScrubCheckpoint.read(storage).orElseThrow();
        assertThat(reached.isOver()).isTrue();
        assertThat(reached.beganMs()).isEqualTo(beganMs);
    }

    @Test
    void hasOneDeadlineAndNoWorkBetweenTwoPasses() {
        SteppedLog log = filled(new MemoryLogStorage(), clock, 10_000_000);
        log.passTime(Duration.ofMinutes(1));
        Agent scrub = log.node().agents().stream()
                .filter(agent -> agent.name().equals("scrub"))
                .findFirst()
                .orElseThrow();

        assertThat(scrub.nextDeadlineNs() - clock.nanoTime())
                .isBetween(Duration.ofMinutes(58).toNanos(), INTERVAL.toNanos());
    }
}
