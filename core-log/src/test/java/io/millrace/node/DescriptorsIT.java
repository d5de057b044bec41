package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.client.Appended;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.log.DescriptorLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand partitions, all of them written to, open no more files than the operating system usually allows: 4,096. */
final class DescriptorsIT {

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final int PARTITIONS = 1_000;

    /** Each first append waits for the disk a few times. */
    private static final int AT_A_TIME = 50;

    /** For the lock, directories that are being synced, and what the JVM opens meanwhile. */
    private static final int OTHERS_MAX = 100;

    private static final NodeConfig CONFIG = NodeConfig.DEFAULT.withTopicDefault("durability", "os");

    @TempDir
    Path directory;

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return files.count();
        }
    }

    @Test
    @Tag("slow")
    void aThousandPartitionsFitIntoTheLimitOfOpenFiles() throws IOException {
        assumeTrue(Files.isDirectory(OPEN_FILES), "open files are counted on Linux");
        OptionalLong limit = DescriptorLimit.ofThisProcess();
        long allowed = openFiles() + DescriptorLimit.channelsOf(limit) + OTHERS_MAX;
        assertThat(allowed).isLessThan(limit.orElseThrow() / 2);
        try (ThreadedLog log = new ThreadedLog(directory, CONFIG)) {
            log.answer(log.client().createTopic(new NewTopic("wide", PARTITIONS)));
            appendToAll(log);
            assertThat(openFiles()).isLessThanOrEqualTo(allowed);
        }
        try (ThreadedLog log = new ThreadedLog(directory, CONFIG)) {
            assertThat(openFiles()).isLessThanOrEqualTo(allowed);
            appendToAll(log);
            assertThat(openFiles()).isLessThanOrEqualTo(allowed);
            for (int i = 0; i < PARTITIONS; i++) {
                assertThat(Records.committed(log.client(), new TopicPartition("wide", i)))
                        .hasSize(2);
            }
            assertThat(openFiles()).isLessThanOrEqualTo(allowed);
        }
    }

    private static void appendToAll(ThreadedLog log) {
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        for (int from = 0; from < PARTITIONS; from += AT_A_TIME) {
            List<Pending<Appended>> appends = new ArrayList<>();
            for (int i = from; i < from + AT_A_TIME; i++) {
                appends.add(producer.append(new TopicPartition("wide", i), Records.batch("a")));
            }
            appends.forEach(log::answer);
        }
    }
}
