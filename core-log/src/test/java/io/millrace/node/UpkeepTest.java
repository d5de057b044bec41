package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.NewTopic;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.ManualClock;
import io.millrace.log.FaultyLogStorage;
import io.millrace.log.FaultyLogStorage.Effect;
import io.millrace.log.FaultyLogStorage.Operation;
import io.millrace.log.LogConfig;
import io.millrace.log.MemoryLogStorage;
import io.millrace.node.Troubles.Chore;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done for all partitions at regular times: one that fails keeps no other from its turn. */
final class UpkeepTest {

    private static final Duration ROUND =
            NodeConfig.DEFAULT.maintenanceInterval().plusSeconds(1);

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);
    private final FaultyLogStorage storage = new FaultyLogStorage(new MemoryLogStorage());
    private final SteppedLog log = new SteppedLog(1, storage, NodeConfig.DEFAULT, clock);

    @AfterEach
    void close() {
        log.close();
    }

    /** Topics a, b and c with two segments each, of which one has no reason to stay. */
    private void writeTopics(Map<String, String> configs) {
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        for (String topic : new String[] {"a", "b", "c"}) {
            log.answer(log.client().createTopic(new NewTopic(topic, 1, configs)));
            for (int i = 0; i < 20; i++) {
                log.answer(producer.append(
                        new TopicPartition(topic, 0), Records.keyed(clock.wallMs(), "k" + i % 2, "x".repeat(200_000))));
            }
        }
        log.settle();
    }

    private long segments(String topic) {
        return storage.list(topic + "-0").stream()
                .filter(name -> name.endsWith(".log"))
                .count();
    }

    @Test
    void goesOnWithTheOthersWhereRetentionFails() {
        TopicPartition failing = new TopicPartition("a", 0);
        writeTopics(Map.of("segment.bytes", "1048576", "retention.bytes", "1048576"));
        storage.failOn(Operation.MOVE, "a-0/", Effect.IO_ERROR);

        log.passTime(ROUND);

        assertThat(segments("a")).isGreaterThan(3);
        assertThat(segments("b")).isLessThan(3);
        assertThat(segments("c")).isLessThan(3);
        assertThat(log.node().troubles()).containsOnlyKeys(failing);
        assertThat(log.node().troubles().get(failing)).contains("UPKEEP").contains("a-0/");

        storage.heal();
        log.passTime(ROUND);

        assertThat(segments("a")).isLessThan(3);
        assertThat(log.node().troubles()).isEmpty();
    }

    @Test
    void goesOnWithTheOthersWhereTheDiskIsFull() {
        writeTopics(Map.of("segment.bytes", "1048576", "retention.bytes", "1048576"));
        storage.failOn(Operation.MOVE, "b-0/", Effect.NO_SPACE);

        log.passTime(ROUND);

        assertThat(segments("a")).isLessThan(3);
        assertThat(segments("c")).isLessThan(3);
        assertThat(log.node().troubles()).containsOnlyKeys(new TopicPartition("b", 0));
    }

    @Test
    void goesOnWithTheOthersWhereCompactionFails() {
        writeTopics(Map.of("segment.bytes", "1048576", "cleanup.policy", "compact"));
        storage.failOn(Operation.CREATE, "a-0/", Effect.IO_ERROR);

        log.passTime(ROUND.multipliedBy(2));

        assertThat(log.node().troubles()).containsOnlyKeys(new TopicPartition("a", 0));
        assertThat(log.node().troubles().get(new TopicPartition("a", 0))).contains("COMPACTION");

        storage.heal();
        log.passTime(Duration.ofMinutes(30));

        assertThat(log.node().troubles()).isEmpty();
    }

    @Test
    void forgetsTheTroublesOfATopicThatIsDeleted() {
        writeTopics(Map.of("segment.bytes", "1048576", "retention.bytes", "1048576"));
        storage.failOn(Operation.MOVE, "a-0/", Effect.IO_ERROR);
        log.passTime(ROUND);

        log.answer(log.client().deleteTopic("a"));
        log.passTime(ROUND);

        assertThat(log.node().troubles()).isEmpty();
    }

    @Test
    void removesDeletedDirectoriesBehindOneThatCannotBeRemoved() {
        writeTopics(Map.of());
        storage.failOn(Operation.DELETE, "a-0.", Effect.IO_ERROR);
        log.answer(log.client().deleteTopic("a"));
        log.answer(log.client().deleteTopic("b"));

        log.passTime(ROUND);

        assertThat(storage.list("")).noneMatch(name -> name.startsWith("b-0"));
        assertThat(storage.list("")).anyMatch(name -> name.startsWith("a-0."));

        storage.heal();
        log.passTime(ROUND);

        assertThat(storage.list("")).noneMatch(name -> name.startsWith("a-0"));
    }

    @Test
    void saysATroubleWhenItBeginsAndWhenItEnds() {
        Troubles troubles = new Troubles();
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Partition partition =
                new Partition(storage, 1, 0, new TopicPartition("t", 0), new java.util.UUID(1, 1), LogConfig.DEFAULTS);

        assertThat(troubles.failed(partition, Chore.UPKEEP, "first")).isTrue();
        assertThat(troubles.failed(partition, Chore.UPKEEP, "second")).isFalse();
        assertThat(troubles.failed(partition, Chore.COMPACTION, "third")).isTrue();
        assertThat(troubles.passed(partition, Chore.UPKEEP)).isTrue();
        assertThat(troubles.passed(partition, Chore.UPKEEP)).isFalse();
        assertThat(troubles.shown()).containsExactly(Map.entry(partition.id(), "COMPACTION: third"));
        assertThat(troubles.failed(partition, Chore.UPKEEP, "again")).isTrue();
    }
}
