package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Appended;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Agent;
import io.millrace.kernel.ManualClock;
import io.millrace.log.MemoryLogStorage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A topic that is deleted takes its own directories with it, never those of the next topic of its name. */
final class TopicDeletionTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition U0 = new TopicPartition("u", 0);

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);
    private final MemoryLogStorage storage = new MemoryLogStorage();
    private SteppedLog log = new SteppedLog(1, storage, NodeConfig.DEFAULT, clock);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aNameIsNotFreeBeforeItsDirectoriesAreOutOfTheWay() {
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        log.answer(log.client().createTopic(new NewTopic("u", 1)));
        Producer producer = idempotent();
        log.answer(producer.append(T0, Records.batch("old")));
        log.settle();
        LogClient other = log.openClient();
        producer.append(U0, Records.batch("keeps the disk busy"));
        step(agent("log-0"), 2);

        Pending<Void> deleted = log.client().deleteTopic("t");
        step(agent("log-0"), 1);
        Pending<TopicDescription> tooEarly = other.createTopic(new NewTopic("t", 1));
        step(agent("log-0"), 3);
        log.answer(deleted);

        assertThat(log.refusal(tooEarly)).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
        log.answer(other.createTopic(new NewTopic("t", 1)));
        assertKeepsWhatIsWrittenNow();
    }

    @Test
    void aDeletedTopicIsNotCompactedToItsEnd() {
        Map<String, String> compacted = Map.of(
                "cleanup.policy", "compact", "internal.segment.bytes", "20000", "min.cleanable.dirty.ratio", "0");
        log.answer(log.client().createTopic(new NewTopic("t", 1, compacted)));
        Producer producer = idempotent();
        for (int i = 0; i < 2000; i++) {
            log.answer(producer.append(T0, Records.keyed(SteppedLog.START_MS, "k" + i % 10, "v")));
        }
        clock.advance(Duration.ofSeconds(16));
        Agent maintenance = agent("maintenance");
        log.scheduler().remove(maintenance);
        do {
            log.settle();
            step(maintenance, 1);
        } while (storage.list("t-0").stream().noneMatch(name -> name.contains("cleaned")));

        Pending<Void> deleted = log.client().deleteTopic("t");
        log.settle();
        log.scheduler().addAll(List.of(maintenance));
        log.answer(deleted);
        log.answer(log.client().createTopic(new NewTopic("t", 1, compacted)));

        assertKeepsWhatIsWrittenNow();
    }

    private void assertKeepsWhatIsWrittenNow() {
        Appended appended = log.answer(idempotent().append(T0, Records.keyed(SteppedLog.START_MS, "k", "new")));
        log.passTime(Duration.ofMinutes(1)); // what was moved aside is removed
        assertThat(appended.baseOffset()).isZero();
        assertThat(storage.list("").stream().filter(name -> name.startsWith("t-")))
                .containsExactly("t-0");
        try (SteppedLog next = new SteppedLog(2, storage.crash(3), NodeConfig.DEFAULT, clock)) {
            assertThat(Records.committed(next.client(), T0)).containsExactly("new");
        }
    }

    private Producer idempotent() {
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        return producer;
    }

    private Agent agent(String name) {
        return log.node().agents().stream()
                .filter(agent -> agent.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void step(Agent agent, int times) {
        try {
            for (int i = 0; i < times; i++) {
                agent.step();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
