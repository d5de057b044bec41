package io.millrace.log;

import static io.millrace.log.RecoveryTest.flip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.TopicPartition;
import io.millrace.log.FaultyLogStorage.Effect;
import io.millrace.log.FaultyLogStorage.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

    private static final Map<TopicPartition, Long> OLD = Map.of(new TopicPartition("flights", 0), 4711L);
    private static final Map<TopicPartition, Long> NEW =
            Map.of(new TopicPartition("flights", 0), 4712L, new TopicPartition("flights", 1), 815L);

    @Test
    void offsetCheckpointsAreKafkasText() {
        MemoryLogStorage storage = new MemoryLogStorage();
        OffsetCheckpoint.write(storage, OffsetCheckpoint.RECOVERY_POINTS, NEW);

        assertThat(storage.readAll("recovery-point-offset-checkpoint"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("0\n2\nflights 0 4712\nflights 1 815\n");
        assertThat(OffsetCheckpoint.read(storage, OffsetCheckpoint.RECOVERY_POINTS))
                .isEqualTo(new OffsetCheckpoint.Found.Offsets(NEW));
        assertThat(OffsetCheckpoint.read(storage, OffsetCheckpoint.LOG_STARTS))
                .isEqualTo(new OffsetCheckpoint.Found.Missing());
    }

    @Test
    void aDamagedCheckpointIsNeverAnEmptyOne() {
        MemoryLogStorage storage = new MemoryLogStorage();
        OffsetCheckpoint.write(storage, "checkpoint", NEW);
        int size = storage.readAll("checkpoint").length;
        for (int position = 0; position < size; position++) {
            MemoryLogStorage damaged = storage.crash(0);
            flip(damaged, "checkpoint", position);
            assertThat(OffsetCheckpoint.read(damaged, "checkpoint"))
                    .as("flipped at %d", position)
                    .isInstanceOf(OffsetCheckpoint.Found.Unreadable.class);
            damaged.open("checkpoint", LogStorage.Open.EXISTING).truncate(position);
            assertThat(OffsetCheckpoint.read(damaged, "checkpoint"))
                    .isInstanceOf(OffsetCheckpoint.Found.Unreadable.class);
        }
        OffsetCheckpoint.write(storage, "checkpoint", OLD);
        storage.delete("checkpoint");
        assertThat(OffsetCheckpoint.read(storage, "checkpoint")).isInstanceOf(OffsetCheckpoint.Found.Unreadable.class);
    }

    @Test
    void readsACheckpointThatKafkaWroteWithoutASidecar() {
        MemoryLogStorage storage = new MemoryLogStorage();
        storage.replace("checkpoint", "0\n1\nflights 0 4711\n".getBytes(StandardCharsets.UTF_8));
        assertThat(OffsetCheckpoint.read(storage, "checkpoint")).isEqualTo(new OffsetCheckpoint.Found.Offsets(OLD));
        storage.replace("checkpoint", "0\n2\nflights 0 4711\n".getBytes(StandardCharsets.UTF_8));
        assertThat(OffsetCheckpoint.read(storage, "checkpoint")).isInstanceOf(OffsetCheckpoint.Found.Unreadable.class);
    }

    @Test
    void aCrashWhileReplacingLeavesTheOldOffsetsOrTheNewOnes() {
        for (long count = 1; count <= 12; count++) {
            for (long seed = 0; seed < 20; seed++) {
                MemoryLogStorage storage = new MemoryLogStorage();
                OffsetCheckpoint.write(storage, "checkpoint", OLD);
                FaultyLogStorage crashing =
                        new FaultyLogStorage(storage).failAt(Operation.ANY_CHANGE, count, Effect.CRASH);
                boolean done = true;
                try {
                    OffsetCheckpoint.write(crashing, "checkpoint", NEW);
                } catch (StorageException e) {
                    done = false;
                }

                OffsetCheckpoint.Found found = OffsetCheckpoint.read(storage.crash(seed), "checkpoint");

                assertThat(found)
                        .as("crash at change %d, seed %d", count, seed)
                        .isIn(new OffsetCheckpoint.Found.Offsets(OLD), new OffsetCheckpoint.Found.Offsets(NEW));
                if (done) {
                    assertThat(found).isEqualTo(new OffsetCheckpoint.Found.Offsets(NEW));
                }
            }
        }
    }

    @Test
    void theCleanShutdownMarkIsTakenOnceAndNotWrittenToAFailedDirectory() {
        MemoryLogStorage storage = new MemoryLogStorage();
        assertThat(DirectoryMarks.takeCleanShutdown(storage)).isFalse();
        DirectoryMarks.markCleanShutdown(storage, 7);
        assertThat(storage.readAll(".kafka_cleanshutdown")).asString().isEqualTo("{\"version\":0,\"brokerEpoch\":7}");

        assertThat(DirectoryMarks.takeCleanShutdown(storage)).isTrue();
        assertThat(DirectoryMarks.takeCleanShutdown(storage.crash(1))).isFalse();

        storage.fail("sync failed");
        assertThatThrownBy(() -> DirectoryMarks.markCleanShutdown(storage, 7)).hasMessageContaining("sync failed");
    }

    @Test
    void topicIdsAndMetaAreKafkasText() {
        MemoryLogStorage storage = new MemoryLogStorage();
        storage.createDirectory("flights-0");
        UUID id = UUID.fromString("9b1d3ca4-2f10-4d8e-b0a3-1f6c7e5d2a4b");
        TopicIds.write(storage, "flights-0", id);
        DirectoryMarks.writeMeta(storage, Map.of("version", "1", "node.id", "1"));

        assertThat(storage.readAll("flights-0/partition.metadata"))
                .asString()
                .isEqualTo("version: 0\ntopic_id: mx08pC8QTY6wox9sfl0qSw");
        assertThat(TopicIds.read(storage, "flights-0")).contains(id);
        assertThat(DirectoryMarks.readMeta(storage)).contains(Map.of("version", "1", "node.id", "1"));
    }
}
