package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.TopicPartition;
import io.millrace.streams.codec.Codecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that writes into a topic and asks what a job made of it, on real threads. */
class MillraceWriteTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());

    @TempDir
    private Path directory;

    private static Topology counts() {
        var job = Topology.define("counts");
        job.stream(IN.partitions(2)).groupByKey().count().named("counted");
        return job.build();
    }

    @Test
    void aJobCountsWhatIsWritten() throws Exception {
        try (Millrace millrace = Millrace.open(directory)) {
            Job job = millrace.start(counts()).awaitRunning(PATIENCE);
            try (TopicWriter<String, String> writer = millrace.write(IN)) {
                StoreReader<String, Long> store = job.store("counted");
                // More than may be on its way at once, so that some of the sends have to wait.
                long total = 3L * TopicWriter.UNACKNOWLEDGED_RECORDS_MAX;
                for (long i = 0; i < total; i++) {
                    writer.send(i % 2 == 0 ? "a" : "c", "v");
                }
                for (Map.Entry<TopicPartition, Long> written :
                        writer.flush(PATIENCE).entrySet()) {
                    store = store.seeing(written.getKey(), written.getValue());
                }
                assertThat(store.value("a")).contains(total / 2);
                assertThat(store.value("c")).contains(total / 2);
            }
            job.close();
            assertThat(job.awaitEnd()).isEqualTo(JobState.STOPPED);
        }
    }

    @Test
    void aReaderWaitsForWhatIsWritten() throws Exception {
        try (Millrace millrace = Millrace.open(directory)) {
            millrace.start(counts()).awaitRunning(PATIENCE);
            var seen = new ArrayList<String>();
            try (TopicReader<String, String> reader = millrace.read(IN);
                    TopicWriter<String, String> writer = millrace.write(IN)) {
                assertThat(reader.poll(Duration.ZERO, (partition, offset, time, key, value) -> seen.add(value)))
                        .isZero();
                for (int i = 0; i < 20; i++) {
                    // On its way, perhaps not there yet: the reader has to wait for it.
                    writer.send("a", "v" + i);
                    assertThat(reader.poll(PATIENCE, (partition, offset, time, key, value) -> seen.add(value)))
                            .isEqualTo(1);
                    assertThat(seen).hasSize(i + 1).endsWith("v" + i);
                }
            }
        }
    }

    @Test
    void aTopicThatIsNotThereOrNotOursIsRefused() {
        Millrace millrace = Millrace.open(directory);
        try (millrace) {
            assertThatThrownBy(() -> millrace.write(IN))
                    .isInstanceOf(MillraceException.class)
                    .hasMessage("topic in cannot be written: there is no topic in");
        }
        assertThatThrownBy(() -> millrace.write(IN))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("topic in cannot be written");
    }
}
