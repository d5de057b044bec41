package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.node.NodeConfig;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.streams.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeInvariantsTest {

    @TempDir
    Path directory;

    private NodeInvariants writeOneRecord() {
        try (Millrace millrace = Millrace.open(directory)) {
            try (LogClient client = millrace.client();
                    Producer producer = client.openProducer(ProducerOptions.idempotent())) {
                await(client.createTopic(new NewTopic("t", 1)));
                await(producer.ready());
                RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 16);
                batch.append(1, new byte[] {1}, new byte[] {2}, Header.NONE);
                await(producer.append(new TopicPartition("t", 0), batch));
            }
            return NodeInvariants.of(millrace);
        }
    }

    private static <T> T await(Pending<T> pending) {
        while (!pending.isDone()) {
            Thread.onSpinWait();
        }
        return pending.value();
    }

    @Test
    void holdWhereNothingHappened() {
        NodeInvariants before = writeOneRecord();

        assertThatCode(() -> before.check(directory, NodeConfig.DEFAULT)).doesNotThrowAnyException();
    }

    @Test
    void noticeAPartitionThatIsGone() throws IOException {
        NodeInvariants before = writeOneRecord();
        for (Path file : under(directory)) {
            if (file.toString().contains("t-0") && Files.isRegularFile(file)) {
                Files.delete(file);
            }
        }

        assertThatThrownBy(() -> before.check(directory, NodeConfig.DEFAULT)).hasMessageContaining("t-0");
    }

    private static List<Path> under(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.toList();
        }
    }
}
