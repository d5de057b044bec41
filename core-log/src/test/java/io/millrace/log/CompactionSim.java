package io.millrace.log;

import static io.millrace.log.Batches.NOW;
import static io.millrace.log.Batches.bytes;
import static io.millrace.log.Batches.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random keys, tombstones, transactions, compactions with small maps, tombstone floors, restarts and power cuts: a read-committed
 * reader who folds the log by key always gets the same table, whatever compaction took.
 */
class CompactionSim {

    @Test
    void theTableOfCommittedRecordsNeverChanges() {
        for (long seed = 1; seed <= 40; seed++) {
            new World(seed).run();
        }
    }

    @Test
    @Tag("long")
    void theTableOfCommittedRecordsNeverChangesInManyWorlds() {
        for (long seed = 1_000; seed <= 6_000; seed++) {
            new World(seed).run();
        }
    }

    /** What a record says; {@code value} is null for a tombstone. */
    private record Written(
            long offset, String key, @Nullable String value) {}

    private static final class World {
        private static final int STEPS = 150;
        private static final long PRODUCER = 9;

        private final long seed;
        private final SplittableRandom random;
        private final Map<String, String> config;
        /** Last committed record per key, tombstones included. */
        private final TreeMap<String, Written> committed = new TreeMap<>();

        private final List<Written> open = new ArrayList<>();
        private MemoryLogStorage storage = new MemoryLogStorage();
        private PartitionLog log;
        private long nowMs = NOW;
        private int epoch;
        private int sequence;
        private boolean inTransaction;
        private long largestFloorUsed;
        private int rounds;

        World(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.config = Map.of(
                    "cleanup.policy",
                    "compact",
                    "internal.segment.bytes",
                    Integer.toString(300 + random.nextInt(900)),
                    "index.interval.bytes",
                    Integer.toString(random.nextInt(300)),
                    "delete.retention.ms",
                    "50",
                    "message.timestamp.after.max.ms",
                    Long.toString(Long.MAX_VALUE / 2),
                    "min.cleanable.dirty.ratio",
                    "0");
            this.log = Batches.open(storage, config, RecoveryHints.NONE);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                nowMs += random.nextInt(20);
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3 -> append();
                    case 4, 5 -> end(random.nextInt(3) > 0);
                    case 6, 7 -> compact();
                    case 8 -> reopen();
                    default -> check();
                }
            }
            end(true);
            check();
            assertThat(rounds).as("seed %d compacts", seed).isPositive();
        }

        private void append() {
            boolean transactional = inTransaction || random.nextBoolean();
            int count = 1 + random.nextInt(4);
            Compression compression = Compression.of(random.nextInt(5));
            RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, 1 << 20);
            List<Written> records = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String key = "k" + random.nextInt(12);
                String value = random.nextInt(4) == 0 ? null : "v" + random.nextInt(100_000);
                builder.append(nowMs, bytes(key), value == null ? null : bytes(value), Header.NONE);
                records.add(new Written(log.appendedEnd() + i, key, value));
            }
            RecordBatch batch =
                    transactional ? builder.finish(PRODUCER, (short) epoch, sequence, true) : builder.finish();
            AppendOutcome outcome = log.append(batch, Origin.CLIENT, 0, nowMs);
            assertThat(outcome).as("seed %d", seed).isInstanceOf(AppendOutcome.Appended.class);
            if (transactional) {
                sequence += count;
                inTransaction = true;
                open.addAll(records);
            } else {
                records.forEach(record -> committed.put(record.key(), record));
            }
            Batches.settle(log);
        }

        private void end(boolean commit) {
            if (inTransaction) {
                epoch++;
                sequence = 0;
                log.appendMarker(PRODUCER, (short) epoch, commit, 0, 2, 0, nowMs);
                Batches.settle(log);
                if (commit) {
                    open.forEach(record -> committed.merge(
                            record.key(), record, (old, now) -> now.offset() > old.offset() ? now : old));
                }
                open.clear();
                inTransaction = false;
            }
        }

        private void compact() {
            long floor = random.nextBoolean() ? Long.MAX_VALUE : random.nextLong(log.appendedEnd() + 1);
            int mapBytes = 400 + random.nextInt(2_000);
            log.beginCompaction(floor, mapBytes, nowMs).ifPresent(round -> {
                rounds++;
                largestFloorUsed = Math.max(largestFloorUsed, floor);
                int steps = random.nextInt(4) == 0 ? random.nextInt(30) : Integer.MAX_VALUE;
                Compaction.Progress progress = Compaction.Progress.WORKING;
                while (progress != Compaction.Progress.DONE && steps-- > 0) {
                    progress = round.step(1 + random.nextInt(400));
                    if (progress == Compaction.Progress.GROUP_READY) {
                        assertThat(log.swap(round, nowMs)).as("seed %d", seed).isTrue();
                    }
                }
                log.endCompaction(); // discards what is not in place if the steps ran out
            });
            log.retain(nowMs + random.nextInt(100_000));
        }

        private void reopen() {
            long end = log.appendedEnd();
            long cleanedEnd = log.cleanedEnd();
            boolean clean = random.nextBoolean();
            if (clean) {
                assertThat(log.close()).isTrue();
            }
            storage = storage.crash(random.nextLong());
            log = Batches.open(storage, config, new RecoveryHints(end, 0, clean));
            assertThat(log.refusal()).as("seed %d", seed).isEmpty();
            log.advanceHighWatermark(end);
            log.resumeCleanedEnd(random.nextBoolean() ? cleanedEnd : 0);
            assertThat(log.view().logEndOffset()).as("seed %d", seed).isEqualTo(end);
            if (inTransaction) {
                ProducerState producer = log.producer(PRODUCER).orElseThrow();
                assertThat(producer.transactionFirstOffset())
                        .as("seed %d", seed)
                        .isEqualTo(open.get(0).offset());
                assertThat(producer.lastSequence()).as("seed %d", seed).isEqualTo(sequence - 1);
            } else if (epoch > 0) {
                assertThat(log.producer(PRODUCER).orElseThrow().epoch())
                        .as("seed %d: still fenced", seed)
                        .isEqualTo((short) epoch);
            }
        }

        private void check() {
            if (!inTransaction) {
                assertThat(log.view().lastStableOffset())
                        .as("seed %d: no transaction is left hanging", seed)
                        .isEqualTo(log.view().logEndOffset());
            }
            TreeMap<String, Written> table = new TreeMap<>();
            for (Written record : committedRecords()) {
                Written before = table.put(record.key(), record);
                assertThat(before == null || before.offset() < record.offset())
                        .as("seed %d: offsets ascend", seed)
                        .isTrue();
            }
            TreeMap<String, Written> expected = new TreeMap<>();
            committed.forEach((key, record) -> {
                if (record.offset() < log.view().lastStableOffset()) {
                    expected.put(key, record);
                }
            });
            // Compaction may take a tombstone, but only below the floors that were used.
            for (Written record : expected.values().toArray(Written[]::new)) {
                if (record.value() == null && !table.containsKey(record.key())) {
                    assertThat(record.offset()).as("seed %d", seed).isLessThan(largestFloorUsed);
                    expected.remove(record.key());
                }
            }
            if (log.view().lastStableOffset() == log.view().logEndOffset()) {
                assertThat(table).as("seed %d", seed).isEqualTo(expected);
            }
        }

        /** As a read-committed reader sees them, from the files and not from the tail in memory. */
        private List<Written> committedRecords() {
            LogView view = log.view();
            Map<Long, List<AbortedTransaction>> aborted = new HashMap<>();
            view.abortedTransactions(0, view.lastStableOffset())
                    .forEach(transaction -> aborted.computeIfAbsent(transaction.producerId(), id -> new ArrayList<>())
                            .add(transaction));
            List<Written> found = new ArrayList<>();
            RecordCursor cursor = new RecordCursor();
            for (Segment segment : view.segments()) {
                WholeBatchScan scan =
                        new WholeBatchScan(segment.file(), segment.file().size());
                while (scan.next()) {
                    RecordBatch batch = scan.batch();
                    boolean dropped = batch.isControl()
                            || batch.lastOffset() >= view.lastStableOffset()
                            || (batch.isTransactional()
                                    && aborted.getOrDefault(batch.producerId(), List.of()).stream()
                                            .anyMatch(transaction -> transaction.firstOffset() <= batch.baseOffset()
                                                    && batch.lastOffset() < transaction.lastOffset()));
                    cursor.wrap(batch);
                    while (!dropped && cursor.next()) {
                        String value = cursor.hasValue() ? text(cursor.value()) : null;
                        found.add(new Written(cursor.offset(), text(cursor.key()), value));
                    }
                }
                assertThat(scan.defect()).as("seed %d", seed).isNull();
            }
            return found;
        }
    }
}
