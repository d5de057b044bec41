package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.FetchResult;
import io.millrace.client.IsolationLevel;
import io.millrace.client.NewTopic;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.ManualClock;
import io.millrace.log.FaultyLogStorage;
import io.millrace.log.FaultyLogStorage.Operation;
import io.millrace.log.FileLogStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadingWhileFilesGoTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);

    /** Between the look at the partition and the look into its file, the file is deleted. */
    @Test
    void aReaderWhoseFileIsDeletedUnderItLooksAgain(@TempDir Path folder) {
        FaultyLogStorage storage = new FaultyLogStorage(new FileLogStorage(folder));
        Map<String, String> config =
                Map.of("internal.segment.bytes", "200", "file.delete.delay.ms", "0", "retention.ms", "-1");
        NodeConfig fast = NodeConfig.DEFAULT.withTopicDefault("durability", "os");
        try (SteppedLog log = new SteppedLog(1, storage, fast, new ManualClock(SteppedLog.START_MS))) {
            log.answer(log.client().createTopic(new NewTopic("t", 1, config)));
            Producer producer = log.client().openProducer(ProducerOptions.idempotent());
            log.answer(producer.ready());
            for (int i = 0; i < 20; i++) {
                log.answer(producer.append(T0, Records.batch("v" + i)));
            }
            log.passTime(Duration.ofMinutes(1)); // the log rests, so that reading goes to the files
            try (Subscription reader = log.client().openSubscription(IsolationLevel.READ_COMMITTED, 1)) {
                reader.seek(T0, 0);
                storage.before(Operation.READ, () -> {
                    log.answer(log.client().deleteRecords(T0, 10));
                    log.passTime(Duration.ofMinutes(1));
                });

                assertThat(reader.fetch(T0)).isEqualTo(new FetchResult.OutOfRange(0, 10, 20));
            }
            assertThat(Records.committed(log.client(), T0)).hasSize(10).startsWith("v10");
        }
    }
}
