package io.millrace.node;

import io.millrace.client.LogClientContract;
import io.millrace.client.LogFixture;
import io.millrace.kernel.ManualClock;
import io.millrace.log.MemoryLogStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract on both drivers: stepped in memory, and on threads with files. */
final class InProcessLogClientTest {

    @Nested
    final class SteppedInMemory extends LogClientContract {
        @Override
        protected LogFixture openLog() {
            return new SteppedLog(20261120);
        }
    }

    @Nested
    final class SteppedWithoutSyncs extends LogClientContract {
        @Override
        protected LogFixture openLog() {
            return new SteppedLog(
                    7,
                    new MemoryLogStorage(),
                    NodeConfig.DEFAULT.withTopicDefault("durability", "os"),
                    new ManualClock(SteppedLog.START_MS));
        }
    }

    @Nested
    final class OnThreadsAndFiles extends LogClientContract {
        @TempDir
        Path directory;

        @Override
        protected LogFixture openLog() {
            return new ThreadedLog(directory, NodeConfig.DEFAULT);
        }
    }
}
