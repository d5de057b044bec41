package io.millrace.conformance.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.TopicPartition;
import io.millrace.conformance.log.Dump.Entry;
import io.millrace.log.AppendOutcome;
import io.millrace.log.Compaction;
import io.millrace.log.FileLogStorage;
import io.millrace.log.LogConfig;
import io.millrace.log.Origin;
import io.millrace.log.PartitionLog;
import io.millrace.log.RecoveryHints;
import io.millrace.log.TopicIds;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DumpLogSegmentsTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long DAY = 86_400_000;
    private static final UUID TOPIC_ID = UUID.fromString("9b1d3ca4-2f10-4d8e-b0a3-1f6c7e5d2a4b");

    @TempDir
    private Path folder;

    private FileLogStorage storage;
    private final List<Entry> written = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(7);

    @BeforeEach
    void open() {
        storage = new FileLogStorage(folder);
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void kafkaReadsEveryRecordOfEveryCodecAndTrustsOurIndexes(Compression compression) throws IOException {
        PartitionLog log = open(Map.of());
        for (int i = 0; i < 120; i++) {
            append(log, batch(compression, i, 1 + random.nextInt(6)).finish());
        }
        assertThat(log.view().segmentCount()).isGreaterThan(3);
        assertThat(log.close()).isTrue();

        Dump dump = dumpLog().hasNoComplaint(false);

        assertThat(dump.entries()).isEqualTo(written);
        assertThat(dump.batches()).hasSize(120);
        assertThat(dump.batches()).anyMatch(batch -> batch.codec().equals(compression.configName()));
        checkIndexes();
    }

    @Test
    void kafkaReadsALogThatIsStillBeingWritten() throws IOException {
        PartitionLog log = open(Map.of());
        for (int i = 0; i < 50; i++) {
            append(log, batch(Compression.NONE, i, 3).finish());
        }
        assertThat(dumpLog().hasNoComplaint(false).entries()).isEqualTo(written);
        checkIndexes();
    }

    @Test
    void kafkaReadsTransactionsAbortsAndProducerSnapshots() throws IOException {
        PartitionLog log = open(Map.of());
        List<String> aborts = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long firstOffset = log.appendedEnd();
            append(log, batch(Compression.LZ4, i, 2).finish(4000, (short) i, 0, true));
            append(log, batch(Compression.NONE, i, 1).finish(5000, (short) 0, i, false));
            boolean commit = i % 3 != 0;
            long marker = log.appendedEnd();
            log.appendMarker(4000, (short) (i + 1), commit, 9, 2, 0, NOW);
            settle(log);
            if (!commit) {
                aborts.add("version: 0 producerId: 4000 firstOffset: " + firstOffset + " lastOffset: " + marker
                        + " lastStableOffset: " + (marker + 1));
            }
        }
        assertThat(log.close()).isTrue();

        Dump dump = dumpLog();
        dump.hasNoComplaint(false);
        assertThat(dump.entries()).isEqualTo(written);
        assertThat(dump.linesWith("endTxnMarker: COMMIT coordinatorEpoch: 9")).hasSize(40);
        assertThat(dump.linesWith("endTxnMarker: ABORT coordinatorEpoch: 9")).hasSize(20);
        checkIndexes();
        assertThat(Dump.of(directory(), ".txnindex").hasNoComplaint(false).linesWith("version: 0"))
                .isEqualTo(aborts);
        Dump snapshots = Dump.of(directory(), ".snapshot").hasNoComplaint(false);
        assertThat(snapshots.linesWith("Dumping")).hasSizeGreaterThan(3);
        assertThat(snapshots.out())
                .anyMatch(line -> line.startsWith("producerId: 5000 producerEpoch: 0 coordinatorEpoch: -1"
                                + " currentTxnFirstOffset: OptionalLong.empty")
                        && line.contains("firstSequence: 59 lastSequence: 59"))
                .anyMatch(line -> line.startsWith("producerId: 4000 producerEpoch: 60 coordinatorEpoch: 9"));
    }

    @Test
    void kafkaReadsTheIndexesThatRecoveryRebuilds() throws IOException {
        PartitionLog log = open(Map.of());
        for (int i = 0; i < 80; i++) {
            append(log, batch(Compression.SNAPPY, i, 4).finish(6000, (short) 0, i * 4, false));
        }
        log.close();
        try (var files = Files.list(directory())) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith("index")).toList()) {
                Files.delete(file);
            }
        }
        PartitionLog rebuilt = open(Map.of());
        assertThat(rebuilt.view().logEndOffset()).isEqualTo(320);

        assertThat(dumpLog().hasNoComplaint(false).entries()).isEqualTo(written);
        checkIndexes();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void kafkaReadsWhatCompactionLeaves(Compression compression) throws IOException {
        Map<String, String> compacted = Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0");
        PartitionLog log = open(compacted);
        for (int i = 0; i < 150; i++) {
            int epoch = i / 5;
            append(log, batch(compression, i, 1 + random.nextInt(6)).finish(4000, (short) epoch, sequence(i), true));
            if (i % 5 == 4) {
                log.appendMarker(4000, (short) (epoch + 1), epoch % 2 == 0, 0, 2, 0, NOW);
                settle(log);
            }
            append(log, batch(compression, i, 2).finish());
        }
        compact(log, NOW);
        compact(log, NOW + DAY + 1);
        Set<Entry> before = new HashSet<>(written);
        assertThat(log.close()).isTrue();

        Dump dump = dumpLog().hasNoComplaint(true);

        assertThat(before).containsAll(dump.entries());
        assertThat(dump.entries()).hasSizeLessThan(written.size() / 2);
        assertThat(dump.batches()).anyMatch(Dump.Batch::hasDeleteHorizon);
        checkIndexes();
    }

    private int sequenceInEpoch;
    private int sequenceOfNext;

    /** The sequence of the coming batch; each transaction starts at 0. */
    private int sequence(int round) {
        sequenceInEpoch = round % 5 == 0 ? 0 : sequenceOfNext;
        sequenceOfNext = sequenceInEpoch + lastCount;
        return sequenceInEpoch;
    }

    private int lastCount;

    private static void compact(PartitionLog log, long nowMs) {
        if (log.isSyncDue()) { // only what is durable is compacted
            log.synced(log.beginSync().run());
        }
        Compaction round =
                log.beginCompaction(Long.MAX_VALUE, Compaction.MAP_BYTES, nowMs).orElseThrow();
        Compaction.Progress progress = round.step(10_000);
        while (progress != Compaction.Progress.DONE) {
            if (progress == Compaction.Progress.GROUP_READY) {
                assertThat(log.swap(round, nowMs)).isTrue();
            }
            progress = round.step(10_000);
        }
        log.endCompaction();
        log.resumeCleanedEnd(0); // so that the next round looks at everything again
    }

    @Test
    void topicIdsAreWrittenAsKafkaWritesThem() {
        Uuid kafkas = new Uuid(TOPIC_ID.getMostSignificantBits(), TOPIC_ID.getLeastSignificantBits());
        assertThat(TopicIds.toText(TOPIC_ID)).isEqualTo(kafkas.toString());
    }

    private PartitionLog open(Map<String, String> config) {
        Map<String, String> small = new HashMap<>(config);
        small.put("internal.segment.bytes", "4000");
        small.put("index.interval.bytes", "300");
        return PartitionLog.open(
                storage,
                "flights-0",
                new TopicPartition("flights", 0),
                TOPIC_ID,
                LogConfig.of(small),
                RecoveryHints.NONE,
                NOW);
    }

    /** Records of one of seven keys, some of them tombstones, with rising but jittering timestamps. */
    private RecordBatchBuilder batch(Compression compression, int round, int count) {
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, 1 << 20);
        lastCount = count;
        pending.clear();
        for (int i = 0; i < count; i++) {
            String key = "key" + random.nextInt(7);
            String value = random.nextInt(5) == 0 ? null : "value " + round + "." + i + " and more of the same";
            Header[] headers = random.nextBoolean() ? Header.NONE : new Header[] {new Header("h", bytes("x"))};
            builder.append(
                    NOW + round * 10L + random.nextInt(100), bytes(key), value == null ? null : bytes(value), headers);
            pending.add(new Entry(i, key, String.valueOf(value)));
        }
        return builder;
    }

    private final List<Entry> pending = new ArrayList<>();

    private void append(PartitionLog log, RecordBatch batch) {
        AppendOutcome outcome = log.append(batch, Origin.CLIENT, 0, NOW);
        assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
        long baseOffset = ((AppendOutcome.Appended) outcome).baseOffset();
        pending.forEach(entry -> written.add(new Entry(baseOffset + entry.offset(), entry.key(), entry.payload())));
        settle(log);
    }

    private static void settle(PartitionLog log) {
        log.write();
        log.advanceHighWatermark(log.view().logEndOffset());
    }

    private Dump dumpLog() throws IOException {
        return Dump.of(directory(), ".log", "--deep-iteration", "--print-data-log");
    }

    private void checkIndexes() throws IOException {
        PartitionFiles.checkIndexes(directory());
        for (String suffix : List.of(".index", ".timeindex")) {
            assertThat(Dump.of(directory(), suffix, "--index-sanity-check").linesWith("passed sanity check."))
                    .as("indexes with entries")
                    .isNotEmpty();
        }
    }

    private Path directory() {
        return folder.resolve("flights-0");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
