package io.millrace.conformance.record;

import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RandomRecords;
import io.millrace.record.RandomRecords.Sample;
import io.millrace.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/** Kafka's side of the comparison, in our test's vocabulary. */
final class KafkaBatches {

    private KafkaBatches() {}

    static org.apache.kafka.common.compress.Compression codec(Compression compression) {
        return org.apache.kafka.common.compress.Compression.of(CompressionType.forId(compression.id()))
                .build();
    }

    static TimestampType timestampType(io.millrace.record.TimestampType type) {
        return type == io.millrace.record.TimestampType.CREATE_TIME
                ? TimestampType.CREATE_TIME
                : TimestampType.LOG_APPEND_TIME;
    }

    /** The one batch in these bytes, its checksum verified. */
    static MutableRecordBatch decode(RecordBatch batch) {
        return decode(ByteBuffer.wrap(batch.bytes(), batch.position(), batch.sizeInBytes())
                .slice());
    }

    static MutableRecordBatch decode(ByteBuffer bytes) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        MemoryRecords.readableRecords(bytes).batches().forEach(batches::add);
        if (batches.size() != 1) {
            throw new AssertionError(batches.size() + " batches");
        }
        batches.get(0).ensureValid();
        return batches.get(0);
    }

    static List<Sample> read(org.apache.kafka.common.record.internal.RecordBatch batch) {
        List<Sample> samples = new ArrayList<>();
        for (Record record : batch) {
            samples.add(sample(record));
        }
        return samples;
    }

    static List<Long> offsets(org.apache.kafka.common.record.internal.RecordBatch batch) {
        List<Long> offsets = new ArrayList<>();
        for (Record record : batch) {
            offsets.add(record.offset());
        }
        return offsets;
    }

    private static Sample sample(Record record) {
        Header[] headers = Arrays.stream(record.headers())
                .map(header -> new Header(header.key(), header.value()))
                .toArray(Header[]::new);
        return new Sample(record.timestamp(), bytes(record.key()), bytes(record.value()), RandomRecords.text(headers));
    }

    static byte[] bytes(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static org.apache.kafka.common.header.Header[] headers(Header[] headers) {
        return Arrays.stream(headers)
                .map(header -> new RecordHeader(header.key(), header.value()))
                .toArray(org.apache.kafka.common.header.Header[]::new);
    }

    /** A builder as Kafka's producer uses it. */
    static MemoryRecordsBuilder builder(
            Compression compression,
            TimestampType timestampType,
            long baseOffset,
            long producerId,
            short producerEpoch,
            int baseSequence,
            boolean transactional,
            int leaderEpoch) {
        return MemoryRecords.builder(
                ByteBuffer.allocate(1024),
                org.apache.kafka.common.record.internal.RecordBatch.MAGIC_VALUE_V2,
                codec(compression),
                timestampType,
                baseOffset,
                timestampType == TimestampType.LOG_APPEND_TIME ? 1_700_000_500_000L : -1,
                producerId,
                producerEpoch,
                baseSequence,
                transactional,
                leaderEpoch);
    }
}
