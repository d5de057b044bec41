package io.millrace.benchmarks;

import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;

/**
 * What a record costs to encode and to read, in nanoseconds of CPU time, beside Kafka's own classes. The
 * arguments name codecs, default all.
 *
 * <p>Batches of about 16 KiB hold records with a key of 10 and a value of 100 bytes: words and digits, which compress to
 * about a third. CPU time of the one thread is taken, so that a busy machine does not count; the median of the rounds is
 * printed, after as many rounds of warming up. Each case returns a checksum, which Kafka's side must match.
 */
public final class RecordBatchBenchmark {

    private static final int ROUNDS = 15;
    private static final int BATCHES_PER_ROUND = 2_000;
    private static final int BATCHES_PER_COMPRESSED_ROUND = 100;
    private static final int BATCH_BYTES = 16 << 10;
    private static final int KEY_BYTES = 10;
    private static final int VALUE_BYTES = 100;
    private static final int TEXT_BYTES = 1 << 20;
    private static final long SEED = 42;
    private static final long TIMESTAMP = 1_700_000_000_000L;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final byte[] text = text();
    private final RecordCursor cursor = new RecordCursor();

    private RecordBatchBenchmark() {}

    public static void main(String[] arguments) {
        List<Compression> codecs =
                Arrays.stream(arguments).map(Compression::named).toList();
        new RecordBatchBenchmark().run(codecs.isEmpty() ? List.of(Compression.values()) : codecs);
    }

    private void run(List<Compression> codecs) {
        System.out.printf("%-44s %10s %10s%n", "ns of CPU time per record", "Millrace", "Kafka");
        for (Compression compression : codecs) {
            int batches = compression == Compression.NONE ? BATCHES_PER_ROUND : BATCHES_PER_COMPRESSED_ROUND;
            String codec = ", " + compression.configName();
            RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, BATCH_BYTES);
            int records = fill(builder, 0);
            RecordBatch batch = builder.finish().copy();
            MemoryRecords kafkaBatch =
                    MemoryRecords.readableRecords(ByteBuffer.wrap(batch.copy().bytes()));
            line(
                    "encode and checksum" + codec,
                    perRecord(batches, records, () -> encode(builder)),
                    perRecord(batches, records, () -> encodeWithKafka(compression, records)));
            line(
                    "visit, no copies" + codec,
                    perRecord(batches, records, () -> visit(batch)),
                    perRecord(batches, records, () -> visitWithKafka(kafkaBatch)));
            line("read key and value as arrays" + codec, perRecord(batches, records, () -> copy(batch)), Double.NaN);
        }
    }

    private static void line(String what, double ours, double kafkas) {
        System.out.printf("%-44s %10.1f %10s%n", what, ours, Double.isNaN(kafkas) ? "" : "%.1f".formatted(kafkas));
    }

    private static double perRecord(int batches, int records, LongSupplier batch) {
        double[] rounds = new double[ROUNDS];
        long sum = 0;
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < batches; i++) {
                sum += batch.getAsLong();
            }
            long spent = THREADS.getCurrentThreadCpuTime() - start;
            if (round >= 0) {
                rounds[round] = (double) spent / batches / records;
            }
        }
        Arrays.sort(rounds);
        return sum == 0 ? Double.NaN : rounds[ROUNDS / 2];
    }

    private int fill(RecordBatchBuilder builder, int from) {
        int position = from;
        builder.reset();
        while (builder.append(
                TIMESTAMP + builder.recordCount() / 8,
                text,
                position,
                KEY_BYTES,
                text,
                position + KEY_BYTES,
                VALUE_BYTES,
                Header.NONE)) {
            position += KEY_BYTES + VALUE_BYTES;
        }
        return builder.recordCount();
    }

    private long encode(RecordBatchBuilder builder) {
        fill(builder, 0);
        return builder.finish(1, (short) 0, 0, false).sizeInBytes();
    }

    private long encodeWithKafka(Compression compression, int records) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(BATCH_BYTES),
                org.apache.kafka.common.compress.Compression.of(CompressionType.forId(compression.id()))
                        .build(),
                org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                0L);
        int position = 0;
        for (int i = 0; i < records; i++) {
            builder.append(
                    TIMESTAMP + i / 8,
                    ByteBuffer.wrap(text, position, KEY_BYTES),
                    ByteBuffer.wrap(text, position + KEY_BYTES, VALUE_BYTES));
            position += KEY_BYTES + VALUE_BYTES;
        }
        return builder.build().sizeInBytes();
    }

    private long visit(RecordBatch batch) {
        cursor.wrap(batch);
        long sum = 0;
        while (cursor.next()) {
            sum += cursor.offset() + cursor.timestamp() + cursor.keySize() + cursor.buffer()[cursor.valuePosition()];
        }
        return sum;
    }

    private static long visitWithKafka(MemoryRecords batch) {
        long sum = 0;
        for (Record record : batch.records()) {
            sum += record.offset()
                    + record.timestamp()
                    + record.keySize()
                    + record.value().get(0);
        }
        return sum;
    }

    private long copy(RecordBatch batch) {
        cursor.wrap(batch);
        long sum = 0;
        while (cursor.next()) {
            byte[] key = cursor.key();
            byte[] value = cursor.value();
            sum += (key == null ? 0 : key.length) + (value == null ? 0 : value[0]);
        }
        return sum;
    }

    private static byte[] text() {
        Random random = new Random(SEED);
        byte[] text = new byte[TEXT_BYTES];
        String[] words = {"SFO", "JFK", "departed", "arrived", "delayed", "cancelled", "carrier", "gate"};
        int size = 0;
        while (size < TEXT_BYTES) {
            String word = random.nextInt(3) == 0
                    ? Integer.toString(random.nextInt(100_000))
                    : words[random.nextInt(words.length)];
            for (int i = 0; i <= word.length() && size < TEXT_BYTES; i++) {
                text[size++] = (byte) (i < word.length() ? word.charAt(i) : ',');
            }
        }
        return text;
    }
}
