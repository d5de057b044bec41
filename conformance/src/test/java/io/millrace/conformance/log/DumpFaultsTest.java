package io.millrace.conformance.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.NewTopic;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.node.NodeConfig;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The judge of these tests is itself judged: a partition that a node wrote is found right, and each fault in it is found. */
class DumpFaultsTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final TopicPartition F0 = new TopicPartition("flights", 0);

    @TempDir
    private Path folder;

    @BeforeEach
    void writeOnePartition() {
        NodeConfig small = NodeConfig.DEFAULT
                .withTopicDefault("internal.segment.bytes", "3000")
                .withTopicDefault("index.interval.bytes", "200");
        try (SteppedNode node = new SteppedNode(folder, small, NOW)) {
            node.answer(node.client().createTopic(new NewTopic("flights", 1)));
            Producer producer = node.client().openProducer(ProducerOptions.transactional("tx"));
            node.answer(producer.ready());
            for (int i = 0; i < 40; i++) {
                Transaction transaction = producer.begin();
                node.answer(transaction.append(F0, batch(i)));
                node.answer(i % 3 == 0 ? transaction.abort() : transaction.commit());
                node.answer(transaction.completed());
            }
        }
    }

    private static RecordBatchBuilder batch(int round) {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 20);
        byte[] value = new byte[50];
        new Random(round).nextBytes(value);
        for (int i = 0; i < 3; i++) {
            builder.append(NOW + round * 10L + i, new byte[] {(byte) i}, value, Header.NONE);
        }
        return builder;
    }

    private enum Fault {
        FLIPPED_BIT_IN_A_RECORD(".log", false) {
            @Override
            byte[] damage(byte[] file) {
                file[file.length / 2] ^= 4;
                return file;
            }
        },
        HALF_A_BATCH_AT_THE_END(".log", true) {
            @Override
            byte[] damage(byte[] file) {
                return Arrays.copyOf(file, file.length - 7);
            }
        },
        A_BATCH_LEFT_OUT(".log", false) {
            @Override
            byte[] damage(byte[] file) {
                int first = 12 + ByteBuffer.wrap(file).getInt(8);
                int second = 12 + ByteBuffer.wrap(file).getInt(first + 8);
                return without(file, first, second);
            }
        },
        INDEX_WITH_A_WRONG_OFFSET(".index", false) {
            @Override
            byte[] damage(byte[] file) {
                file[8 + 3]++;
                return file;
            }
        },
        INDEX_OF_ODD_SIZE(".index", false) {
            @Override
            byte[] damage(byte[] file) {
                return Arrays.copyOf(file, file.length + 3);
            }
        },
        TIME_INDEX_WITH_A_WRONG_TIME(".timeindex", false) {
            @Override
            byte[] damage(byte[] file) {
                file[7]++;
                return file;
            }
        },
        TIME_INDEX_OUT_OF_ORDER(".timeindex", false) {
            @Override
            byte[] damage(byte[] file) {
                file[12 + 5] -= 1;
                return file;
            }
        },
        ABORTED_TRANSACTION_OF_ANOTHER_VERSION(".txnindex", false) {
            @Override
            byte[] damage(byte[] file) {
                file[0] = 9;
                return file;
            }
        },
        ABORTED_TRANSACTION_AT_A_WRONG_OFFSET(".txnindex", false) {
            @Override
            byte[] damage(byte[] file) {
                file[2 + 8 + 8 + 7]++;
                return file;
            }
        },
        SNAPSHOT_WITH_A_FLIPPED_BIT(".snapshot", true) {
            @Override
            byte[] damage(byte[] file) {
                file[file.length - 3] ^= 1;
                return file;
            }
        };

        private final String suffix;
        private final boolean inLast;

        Fault(String suffix, boolean inLast) {
            this.suffix = suffix;
            this.inLast = inLast;
        }

        abstract byte[] damage(byte[] file);

        private static byte[] without(byte[] file, int from, int size) {
            byte[] rest = new byte[file.length - size];
            System.arraycopy(file, 0, rest, 0, from);
            System.arraycopy(file, from + size, rest, from, rest.length - from);
            return rest;
        }
    }

    @Test
    void aPartitionOfANodeIsFoundRight() {
        assertThatCode(() -> PartitionFiles.check(partition(), false)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyFaultIsFound(Fault fault) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(partition())) {
            files = found.filter(file -> file.toString().endsWith(fault.suffix))
                    .sorted()
                    .toList();
        }
        Path file = files.get(fault.inLast ? files.size() - 1 : 0);
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = fault.damage(whole.clone());
        assertThat(damaged).as("the damage").isNotEqualTo(whole);
        Files.write(file, damaged);

        assertThatThrownBy(() -> PartitionFiles.check(partition(), false)).isInstanceOf(Throwable.class);

        Files.write(file, whole);
        PartitionFiles.check(partition(), false);
    }

    /** What a decoder cannot read is a complaint, although the tool prints it among its findings. */
    @ParameterizedTest
    @EnumSource
    void aRecordThatTheDecoderCannotReadIsFound(Decoder decoder) throws IOException {
        Path internal;
        try (Stream<Path> found = Files.list(folder)) {
            internal = found.filter(path -> path.getFileName().toString().startsWith("__transaction_state-"))
                    .findFirst()
                    .orElseThrow();
        }
        Dump dump = Dump.of(internal, ".log", "--deep-iteration", "--print-data-log", decoder.option);
        if (decoder.readsIt) {
            dump.hasNoComplaint(false);
        } else {
            assertThatThrownBy(() -> dump.hasNoComplaint(false)).isInstanceOf(AssertionError.class);
        }
    }

    private enum Decoder {
        OF_TRANSACTIONS("--transaction-log-decoder", true),
        OF_OFFSETS("--offsets-decoder", false);

        private final String option;
        private final boolean readsIt;

        Decoder(String option, boolean readsIt) {
            this.option = option;
            this.readsIt = readsIt;
        }
    }

    private Path partition() {
        return folder.resolve("flights-0");
    }
}
