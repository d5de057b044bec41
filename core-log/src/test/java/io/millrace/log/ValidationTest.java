package io.millrace.log;

import static io.millrace.log.Batches.NOW;
import static io.millrace.log.Batches.batch;
import static io.millrace.log.Batches.bytes;
import static io.millrace.log.Batches.commit;
import static io.millrace.log.Batches.contents;
import static io.millrace.log.Batches.open;
import static io.millrace.log.Batches.transactional;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.record.BatchStamp;
import io.millrace.record.Compression;
import io.millrace.record.ControlRecord;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.SparseBatchBuilder;
import io.millrace.record.TimestampType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ValidationTest {

    private static final long HOUR = 3_600_000;

    @Test
    void refusesAWrongChecksumWhateverBitIsFlipped() {
        PartitionLog log = log(Map.of());
        RecordBatch good = batch("some text").copy();
        for (int position = 21; position < good.sizeInBytes(); position++) {
            byte[] bytes = good.bytes().clone();
            bytes[position] ^= 4;
            ErrorCode error;
            try {
                error = refusal(log, RecordBatch.wrap(bytes, 0));
            } catch (io.millrace.record.CorruptBatchException e) {
                error = ErrorCode.CORRUPT_MESSAGE; // it does not even look like a batch
            }
            assertThat(error).as("flipped at %d", position).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        }
        assertThat(log.view().logEndOffset()).isZero();
    }

    @Test
    void refusesMarkersGapsAndBatchesWithoutRecordsFromClients() {
        PartitionLog log = log(Map.of());
        assertThat(refusal(log, new ControlRecord(ControlRecord.Type.COMMIT, 0).batch(1, (short) 0, NOW)))
                .isEqualTo(ErrorCode.INVALID_RECORD);
        SparseBatchBuilder sparse = new SparseBatchBuilder(Compression.NONE);
        sparse.begin(batch("a", "b"), RecordBatch.NO_TIMESTAMP);
        assertThat(refusal(log, sparse.finish())).isEqualTo(ErrorCode.INVALID_RECORD);
        sparse.begin(batch("a", "b"), RecordBatch.NO_TIMESTAMP);
        sparse.append(1, NOW, bytes("k"), 0, 1, null, 0, -1, Header.NONE);
        assertThat(refusal(log, sparse.finish())).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void refusesProducersWithoutSequenceAndTransactionsWithoutProducer() {
        PartitionLog log = log(Map.of());
        assertThat(refusal(log, transactional(1, 0, -1, "a"))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(log, transactional(-1, -1, -1, "a"))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(log, transactional(1, -1, 0, "a"))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void refusesBatchesThatDoNotCountFromZeroEvenIfTheirChecksumIsWrongToo() {
        RecordBatch batch = batch("a").copy();
        BatchStamp.offsets(batch.bytes(), 0, 7, 0);
        batch.bytes()[batch.sizeInBytes() - 1] ^= 1;
        assertThat(refusal(log(Map.of()), batch)).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void tellsOfEachRecordThatIsWrong() {
        PartitionLog log = log(Map.of("cleanup.policy", "compact", "message.timestamp.before.max.ms", "1000"));
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.GZIP, TimestampType.CREATE_TIME, 1 << 20);
        builder.append(NOW, bytes("k"), bytes("fine"), Header.NONE);
        builder.append(NOW, null, bytes("no key"), Header.NONE);
        builder.append(NOW - 2000, null, bytes("no key, and too old"), Header.NONE);
        AppendOutcome.Rejected keyless = rejected(log, builder.finish());
        assertThat(keyless.error()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(keyless.faults()).extracting(RecordFault::index).containsExactly(1, 2);

        builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 20);
        builder.append(NOW, null, bytes("no key"), Header.NONE);
        builder.append(NOW - 2000, bytes("k"), bytes("too old"), Header.NONE);
        AppendOutcome.Rejected rejected = rejected(log, builder.finish());
        assertThat(rejected.error()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(rejected.faults()).extracting(RecordFault::index).containsExactly(0, 1);
        assertThat(rejected.faults().get(1).message()).contains("message.timestamp.before.max.ms");
        assertThat(log.view().logEndOffset()).isZero();
    }

    @Test
    void refusesBatchesAboveTheirLimits() {
        assertThat(refusal(log(Map.of("max.message.bytes", "80")), batch("a long value here")))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(refusal(log(Map.of("internal.segment.bytes", "80")), batch("a long value here")))
                .isEqualTo(ErrorCode.RECORD_LIST_TOO_LARGE);
    }

    @Test
    void refusesTimestampsTooFarFromTheClock() {
        PartitionLog log = log(Map.of("message.timestamp.before.max.ms", "1000"));
        assertThat(refusal(log, batch(NOW + HOUR + 1, "a"))).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refusal(log, batch(NOW - 1001, "a"))).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        accepts(log, batch(NOW + HOUR, "a"));
        accepts(log, batch(NOW - 1000, "a"));
        accepts(log, batch(RecordBatch.NO_TIMESTAMP, "a"));
        accepts(log(Map.of()), batch(0, "decades ago"));
    }

    @Test
    void stampsTheTimeOfTheAppendIfTheTopicSaysSo() {
        PartitionLog log = log(Map.of("message.timestamp.type", "LogAppendTime"));
        AppendOutcome outcome = log.append(batch(5, "a", "b"), Origin.CLIENT, 0, NOW + 7);
        Batches.settle(log);

        assertThat(outcome).isEqualTo(new AppendOutcome.Appended(0, 1, NOW + 7));
        RecordBatch stored = log.view().read(0, 1000, 2).get(0);
        assertThat(stored.isValidCrc()).isTrue();
        assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(stored.maxTimestamp()).isEqualTo(NOW + 7);
        assertThat(refusal(log(Map.of()), stored)).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
    }

    @Test
    void correctsALargestTimestampThatAProducerGotWrong() {
        PartitionLog log = log(Map.of());
        RecordBatch wrong = batch(NOW, "a", "b").copy();
        BatchStamp.maxTimestamp(wrong.bytes(), 0, NOW + 500);
        accepts(log, wrong);
        RecordBatch stored = log.view().read(0, 1000, 2).get(0);
        assertThat(stored.maxTimestamp()).isEqualTo(NOW + 1);
        assertThat(stored.isValidCrc()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void storesEveryCodecAsItCameOrAsTheTopicWants(Compression compression) {
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, 1 << 20);
        String value = "again and again ".repeat(10);
        for (int i = 0; i < 30; i++) {
            builder.append(NOW + i, bytes("k" + i), bytes(value), new Header[] {new Header("h", bytes("x" + i))});
        }
        RecordBatch sent = builder.finish().copy();
        PartitionLog asItCame = log(Map.of());
        PartitionLog gzip = log(Map.of("compression.type", "gzip"));
        accepts(asItCame, sent);
        accepts(gzip, sent);

        RecordBatch kept = asItCame.view().read(0, 1, 30).get(0);
        assertThat(kept.compression()).isEqualTo(compression);
        RecordBatch changed = gzip.view().read(0, 1, 30).get(0);
        assertThat(changed.compression()).isEqualTo(Compression.GZIP);
        assertThat(contents(gzip)).isEqualTo(contents(asItCame)).hasSize(30);
        io.millrace.record.RecordCursor cursor = new io.millrace.record.RecordCursor();
        cursor.wrap(changed);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.headers()[0].key()).isEqualTo("h");
    }

    @Test
    void copiesTheBatchSoThatItsBytesMayBeUsedAgain() {
        PartitionLog log = log(Map.of());
        RecordBatch batch = batch("original").copy();
        log.append(batch, Origin.CLIENT, 0, NOW);
        java.util.Arrays.fill(batch.bytes(), (byte) 0);
        Batches.settle(log);
        assertThat(contents(log)).containsExactly("0=original");
    }

    private static PartitionLog log(Map<String, String> config) {
        return open(new MemoryLogStorage(), config, RecoveryHints.NONE);
    }

    private static void accepts(PartitionLog log, RecordBatch batch) {
        assertThat(commit(log, batch)).isInstanceOf(AppendOutcome.Appended.class);
    }

    private static ErrorCode refusal(PartitionLog log, RecordBatch batch) {
        return rejected(log, batch).error();
    }

    private static AppendOutcome.Rejected rejected(PartitionLog log, RecordBatch batch) {
        AppendOutcome outcome = log.append(batch, Origin.CLIENT, 0, NOW);
        assertThat(outcome).isInstanceOf(AppendOutcome.Rejected.class);
        return (AppendOutcome.Rejected) outcome;
    }
}
