package io.millrace.conformance.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.BatchStamp;
import io.millrace.record.Compression;
import io.millrace.record.ControlRecord;
import io.millrace.record.Header;
import io.millrace.record.RandomRecords;
import io.millrace.record.RandomRecords.Sample;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordBatchConformanceTest {

    private static final int LIMIT = 1 << 20;
    private static final int SEEDS_LONG = Integer.getInteger("record.seeds", 10_000);

    @ParameterizedTest
    @EnumSource(Compression.class)
    void kafkaDecodesWhatWeEncode(Compression compression) {
        for (long seed = 1; seed <= 100; seed++) {
            kafkaDecodes(compression, seed);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void weDecodeWhatKafkaEncodes(Compression compression) {
        for (long seed = 1; seed <= 100; seed++) {
            weDecode(compression, seed);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(Compression.class)
    void bothWaysForManySeeds(Compression compression) {
        for (long seed = 1_000; seed < 1_000 + SEEDS_LONG; seed++) {
            kafkaDecodes(compression, seed);
            weDecode(compression, seed);
        }
    }

    private static void kafkaDecodes(Compression compression, long seed) {
        RandomRecords records = new RandomRecords(seed);
        Random random = records.random();
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, LIMIT);
        List<Sample> samples = records.fill(builder, 1 + random.nextInt(300), seed % 5 == 0 ? 8000 : 200);
        RecordBatch ours =
                builder.finish(random.nextLong(), (short) random.nextInt(), sequence(random), random.nextBoolean());
        BatchStamp.offsets(ours.bytes(), ours.position(), random.nextInt(1 << 30), random.nextInt(1 << 20));
        if (random.nextInt(4) == 0) {
            BatchStamp.logAppendTime(ours.bytes(), ours.position(), 1_700_000_900_000L);
            samples = samples.stream()
                    .map(sample -> new Sample(1_700_000_900_000L, sample.key(), sample.value(), sample.headers()))
                    .toList();
        }

        MutableRecordBatch theirs = KafkaBatches.decode(ours);

        assertSameHeader(ours, theirs, seed);
        assertThat(KafkaBatches.read(theirs)).as("seed %d", seed).isEqualTo(samples);
    }

    /** None, any, or one so near the largest that a batch wraps. */
    private static int sequence(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> RecordBatch.NO_SEQUENCE;
            case 1 -> random.nextInt(Integer.MAX_VALUE);
            default -> Integer.MAX_VALUE - random.nextInt(300);
        };
    }

    private static void weDecode(Compression compression, long seed) {
        RandomRecords records = new RandomRecords(seed);
        Random random = records.random();
        TimestampType timestampType =
                random.nextInt(4) == 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        long producerId = random.nextInt(1 << 30);
        MemoryRecordsBuilder builder = KafkaBatches.builder(
                compression,
                KafkaBatches.timestampType(timestampType),
                random.nextInt(1 << 30),
                producerId,
                (short) random.nextInt(1 << 15),
                Math.max(0, sequence(random)),
                random.nextBoolean(),
                random.nextInt(100));
        int count = 1 + random.nextInt(300);
        for (int i = 0; i < count; i++) {
            Header[] headers = records.headers();
            builder.append(records.timestamp(), records.bytes(30), records.bytes(200), KafkaBatches.headers(headers));
        }
        ByteBuffer bytes = builder.build().buffer();
        MutableRecordBatch theirs = KafkaBatches.decode(bytes);

        RecordBatch ours = RecordBatch.wrap(KafkaBatches.bytes(bytes), 0);

        assertSameHeader(ours, theirs, seed);
        assertThat(RandomRecords.read(ours)).as("seed %d", seed).isEqualTo(KafkaBatches.read(theirs));
    }

    static void assertSameHeader(RecordBatch ours, MutableRecordBatch theirs, long seed) {
        assertThat(ours.isValidCrc()).as("seed %d", seed).isTrue();
        assertThat(ours.sizeInBytes()).isEqualTo(theirs.sizeInBytes());
        assertThat(ours.baseOffset()).isEqualTo(theirs.baseOffset());
        assertThat(ours.lastOffset()).isEqualTo(theirs.lastOffset());
        assertThat(ours.nextOffset()).isEqualTo(theirs.nextOffset());
        assertThat(ours.partitionLeaderEpoch()).isEqualTo(theirs.partitionLeaderEpoch());
        assertThat(Integer.toUnsignedLong(ours.crc())).isEqualTo(theirs.checksum());
        assertThat(ours.compression().id()).isEqualTo((int) theirs.compressionType().id);
        assertThat(KafkaBatches.timestampType(ours.timestampType())).isEqualTo(theirs.timestampType());
        assertThat(ours.isTransactional()).isEqualTo(theirs.isTransactional());
        assertThat(ours.isControl()).isEqualTo(theirs.isControlBatch());
        assertThat(ours.deleteHorizonMs()).isEqualTo(theirs.deleteHorizonMs().orElse(RecordBatch.NO_TIMESTAMP));
        assertThat(ours.maxTimestamp()).isEqualTo(theirs.maxTimestamp());
        assertThat(ours.producerId()).isEqualTo(theirs.producerId());
        assertThat(ours.producerEpoch()).isEqualTo(theirs.producerEpoch());
        assertThat(ours.baseSequence()).isEqualTo(theirs.baseSequence());
        assertThat(ours.lastSequence()).as("seed %d", seed).isEqualTo(theirs.lastSequence());
        assertThat(ours.recordCount()).isEqualTo(theirs.countOrNull());
    }

    @Test
    void uncompressedBatchesAreEqualByteForByte() {
        for (long seed = 1; seed <= 200; seed++) {
            RandomRecords records = new RandomRecords(seed);
            Random random = records.random();
            long producerId = random.nextInt(1000);
            short producerEpoch = (short) random.nextInt(1000);
            int baseSequence = random.nextInt(1000);
            boolean transactional = random.nextBoolean();
            long baseOffset = random.nextInt(1 << 30);
            RecordBatchBuilder ours = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, LIMIT);
            MemoryRecordsBuilder theirs = KafkaBatches.builder(
                    Compression.NONE,
                    org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                    baseOffset,
                    producerId,
                    producerEpoch,
                    baseSequence,
                    transactional,
                    7);
            int count = 1 + random.nextInt(100);
            for (int i = 0; i < count; i++) {
                long timestamp = records.timestamp();
                byte[] key = records.bytes(20);
                byte[] value = records.bytes(100);
                Header[] headers = records.headers();
                ours.append(timestamp, key, value, headers);
                theirs.append(timestamp, key, value, KafkaBatches.headers(headers));
            }
            RecordBatch batch = ours.finish(producerId, producerEpoch, baseSequence, transactional);
            BatchStamp.offsets(batch.bytes(), batch.position(), baseOffset, 7);

            assertThat(batch.copy().bytes())
                    .as("seed %d", seed)
                    .isEqualTo(KafkaBatches.bytes(theirs.build().buffer()));
        }
    }

    @Test
    void markersAreEqualByteForByte() {
        for (ControlRecord.Type type : ControlRecord.Type.values()) {
            RecordBatch ours = new ControlRecord(type, 17).batch(4711, (short) 3, 1_700_000_000_123L);
            BatchStamp.offsets(ours.bytes(), ours.position(), 99, 5);
            MemoryRecords theirs = MemoryRecords.withEndTransactionMarker(
                    99, 1_700_000_000_123L, 5, 4711, (short) 3, marker(type, 17));

            assertThat(ours.copy().bytes()).isEqualTo(KafkaBatches.bytes(theirs.buffer()));

            RecordCursor cursor = new RecordCursor();
            cursor.wrap(RecordBatch.wrap(KafkaBatches.bytes(theirs.buffer()), 0));
            assertThat(cursor.next()).isTrue();
            assertThat(ControlRecord.read(cursor)).isEqualTo(new ControlRecord(type, 17));
        }
    }

    private static EndTransactionMarker marker(ControlRecord.Type type, int coordinatorEpoch) {
        return new EndTransactionMarker(
                type == ControlRecord.Type.ABORT ? ControlRecordType.ABORT : ControlRecordType.COMMIT,
                coordinatorEpoch);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void bothRefuseTheSameDamagedBatches(Compression compression) {
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, LIMIT);
        new RandomRecords(1).fill(builder, 10, 100);
        byte[] whole = builder.finish().copy().bytes();
        Random random = new Random(2);
        List<String> differences = new ArrayList<>();
        for (int round = 0; round < 500; round++) {
            byte[] damaged = whole.clone();
            int at = 12 + random.nextInt(damaged.length - 12);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            if (oursAccepts(damaged) != kafkaAccepts(damaged)) {
                differences.add("byte " + at + " as " + damaged[at]);
            }
        }
        assertThat(differences).isEmpty();
        assertThat(oursAccepts(whole)).isTrue();
        assertThat(kafkaAccepts(Arrays.copyOf(whole, whole.length))).isTrue();
    }

    private static boolean oursAccepts(byte[] bytes) {
        try {
            return RecordBatch.wrap(bytes, 0).isValidCrc();
        } catch (io.millrace.record.CorruptBatchException e) {
            return false;
        }
    }

    private static boolean kafkaAccepts(byte[] bytes) {
        try {
            MutableRecordBatch batch = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes))
                    .batches()
                    .iterator()
                    .next();
            return batch.isValid();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
