package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Appended;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Agent;
import io.millrace.kernel.ManualClock;
import io.millrace.log.FileLogStorage;
import io.millrace.log.LogStorage;
import io.millrace.log.MemoryLogStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client asks for everything to be durable although its topics leave that to the operating system. */
class BackgroundSyncTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);

    private SteppedLog open(LogStorage storage, long seed, String segmentBytes) {
        NodeConfig config = NodeConfig.DEFAULT
                .withTopicDefault("durability", "os")
                .withTopicDefault("internal.segment.bytes", segmentBytes);
        return new SteppedLog(seed, storage, config, clock);
    }

    private static Producer producer(SteppedLog log) {
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        return producer;
    }

    @Test
    void whatWasAcknowledgedBeforeSurvivesAPowerCut() {
        for (long seed = 0; seed < 40; seed++) {
            MemoryLogStorage storage = new MemoryLogStorage();
            SteppedLog log = open(storage, seed, seed % 2 == 0 ? "0" : "200");
            log.answer(log.client().createTopic(new NewTopic("t", 1, Map.of("retention.ms", "-1"))));
            Producer producer = producer(log);
            Random random = new Random(seed);
            int synced = 0;
            int sent = 0;
            for (int round = 0; round < 4; round++) {
                for (int i = random.nextInt(5); i >= 0; i--) {
                    log.answer(producer.append(T0, Records.batch("r" + sent++)));
                }
                Pending<Void> sync = log.client().sync();
                int before = sent;
                for (int i = random.nextInt(5); i > 0; i--) {
                    log.answer(producer.append(T0, Records.batch("r" + sent++)));
                }
                if (random.nextBoolean()) {
                    log.answer(sync);
                }
                synced = sync.isDone() ? before : synced;
            }

            SteppedLog next = open(storage.crash(seed), seed, "0");

            List<String> found = Records.committed(next.client(), T0);
            assertThat(found).as("seed %s", seed).hasSizeGreaterThanOrEqualTo(synced);
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i)).as("seed %s", seed).isEqualTo("r" + i);
            }
        }
    }

    @Test
    void noAppendWaitsForIt() {
        SteppedLog log = open(new MemoryLogStorage(), 1, "0");
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = producer(log);
        log.answer(producer.append(T0, Records.batch("a")));
        log.settle();
        List<Agent> syncs = log.node().agents().subList(1, 5);
        syncs.forEach(log.scheduler()::remove);

        Pending<Void> sync = log.client().sync();
        Pending<Appended> append = producer.append(T0, Records.batch("b"));
        log.settle();

        assertThat(append.isDone()).isTrue();
        assertThat(sync.isDone()).isFalse();
        syncs.forEach(log.scheduler()::add);
        log.answer(sync);
    }

    @Test
    void aTopicMayBeDeletedMeanwhile(@TempDir Path directory) {
        SteppedLog log = open(new FileLogStorage(directory), 1, "0");
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = producer(log);
        log.answer(producer.append(T0, Records.batch("the first one of a segment is synced")));
        log.answer(producer.append(T0, Records.batch("a")));
        log.settle();
        List<Agent> syncs = log.node().agents().subList(1, 5);
        syncs.forEach(log.scheduler()::remove);
        Pending<Void> sync = log.client().sync();
        log.settle();
        Pending<Void> deleted = log.client().deleteTopic("t");
        log.settle();
        syncs.forEach(log.scheduler()::add);

        log.answer(sync);
        log.answer(deleted);
        log.settle();

        assertThat(log.node().failure()).isEmpty();
        log.close();
    }

    @Test
    void isRefusedWhenTheNodeEnds() {
        SteppedLog log = open(new MemoryLogStorage(), 1, "0");
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = producer(log);
        log.answer(producer.append(T0, Records.batch("the first one of a segment is synced")));
        log.answer(producer.append(T0, Records.batch("a")));
        log.settle();
        log.node().agents().subList(1, 5).forEach(log.scheduler()::remove);
        Pending<Void> sync = log.client().sync();
        log.settle();

        log.node().close();

        assertThat(sync.isFailed()).isTrue();
    }
}
