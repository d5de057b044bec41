package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.TopicPartition;
import io.millrace.node.PartitionHandle;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PartitionWatchesTest {

    @Test
    void nothingStaysJoinedOrIsJoinedAgainOnceTheyAreClosed() {
        try (SteppedBroker broker = new SteppedBroker()) {
            broker.createTopic("flights", 1);
            PartitionHandle partition =
                    Objects.requireNonNull(broker.door().partition(new TopicPartition("flights", 0)));
            int[] signals = {0};
            PartitionWatches watches = new PartitionWatches(() -> signals[0]++);
            watches.watch(partition, () -> {});
            broker.append("flights", 0, 10);
            assertThat(signals[0]).isPositive();
            watches.tell();
            watches.watch(partition, () -> {});

            watches.close();
            watches.watch(partition, () -> {});
            signals[0] = 0;
            broker.append("flights", 0, 10);
            assertThat(signals[0]).isZero();
            assertThat(watches.joinedCount()).isZero();
        }
    }
}
