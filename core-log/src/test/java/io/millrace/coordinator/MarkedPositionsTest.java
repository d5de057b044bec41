package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupRecord.Offset;
import io.millrace.coordinator.GroupRecord.StoredOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which positions a marker is about. */
final class MarkedPositionsTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);
    private static final long PRODUCER = 7;

    private final GroupCoordinator coordinator = new ConsumerHarness().coordinator();

    private void pending(TopicPartition partition, long position, long logOffset) {
        Offset record = new Offset("s", partition, new StoredOffset(new CommittedOffset(position), 1));
        coordinator.replayPending(PRODUCER, record, logOffset);
    }

    @Test
    void aMarkerLeavesWhatItsProducerWroteBehindIt() {
        pending(T0, 1, 10);
        pending(T1, 2, 12);
        coordinator.endTransaction(PRODUCER, false, 11);
        assertThat(coordinator.isUnstable("s")).isTrue();
        coordinator.endTransaction(PRODUCER, true, 13);
        assertThat(coordinator.isUnstable("s")).isFalse();
        assertThat(coordinator.committed("s")).isEqualTo(Map.of(T1, new CommittedOffset(2)));
    }
}
