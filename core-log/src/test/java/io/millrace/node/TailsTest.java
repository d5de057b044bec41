package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.log.LogConfig;
import io.millrace.log.MemoryLogStorage;
import io.millrace.log.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TailsTest {

    private static final int BYTES_MAX = 1 << 20;

    private final MemoryLogStorage storage = new MemoryLogStorage();
    private final Tails tails = new Tails(BYTES_MAX);
    private final List<Partition> partitions = new ArrayList<>();

    private void write(Partition partition) {
        partition.append(Records.batch("v".repeat(50_000)).finish(), Origin.CLIENT, SteppedLog.START_MS);
        partition.write();
        tails.wrote(partition);
    }

    private long total() {
        return partitions.stream().mapToLong(Partition::tailBytes).sum();
    }

    @Test
    void allPartitionsTogetherStayWithinTheBudgetAndTheOldestGiveWay() {
        for (int i = 0; i < 40; i++) {
            Partition partition =
                    new Partition(storage, 1, 0, new TopicPartition("t", i), new UUID(1, 1), LogConfig.of(Map.of()));
            partitions.add(partition);
            write(partition);
            write(partitions.get(0));
            assertThat(total()).isLessThanOrEqualTo(BYTES_MAX);
        }
        assertThat(partitions.get(0).tailBytes()).as("written to all the time").isPositive();
        assertThat(partitions.get(39).tailBytes()).as("written to last").isPositive();
        assertThat(partitions.get(1).tailBytes()).as("written to long ago").isZero();

        Partition oldest = partitions.get(1);
        assertThat(oldest.view().read(0, 1, oldest.view().logEndOffset()))
                .as("its readers take the file")
                .hasSize(1);
    }
}
