package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.IsolationLevel;
import io.millrace.client.LogEnds;
import io.millrace.client.NewTopic;
import io.millrace.client.Producer;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.kernel.ManualClock;
import io.millrace.log.MemoryLogStorage;
import org.junit.jupiter.api.Test;

/** One producer, more transactions than a producer id has epochs. */
final class RolloverTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);

    @Test
    void goesOnUnderAFreshProducerIdWhenTheEpochsAreUsedUp() {
        SteppedLog log = new SteppedLog(
                1,
                new MemoryLogStorage(),
                NodeConfig.DEFAULT.withTopicDefault("durability", "os"),
                new ManualClock(SteppedLog.START_MS));
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = log.client().openProducer(ProducerOptions.transactional("tx"));
        ProducerIdentity first = log.answer(producer.ready());
        int count = Short.MAX_VALUE + 10;
        ProducerIdentity identity = first;
        for (int i = 0; i < count; i++) {
            Transaction transaction = producer.begin();
            log.answer(transaction.append(T0, Records.batch("v")));
            log.answer(transaction.commit());
            ProducerIdentity next = log.answer(transaction.completed());
            assertThat(next).isNotEqualTo(identity);
            identity = next;
        }

        assertThat(identity.producerId()).isNotEqualTo(first.producerId());
        assertThat(identity.epoch()).isEqualTo((short) (count - Short.MAX_VALUE));
        Subscription reader = log.client().openSubscription(IsolationLevel.READ_COMMITTED, 1 << 20);
        reader.seek(T0, 0);
        assertThat(Records.drain(reader, T0)).hasSize(count);
        long end = 2L * count;
        assertThat(reader.ends(T0)).isEqualTo(new LogEnds(0, end, end, end));
    }
}
