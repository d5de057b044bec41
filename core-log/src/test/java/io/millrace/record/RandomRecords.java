package io.millrace.record;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Seeded records of every shape: null and empty keys and values, headers, timestamps out of order. */
public final class RandomRecords {

    /** One record as a test sees it. Compared by content. */
    public record Sample(long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<String> headers) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Sample that
                    && timestamp == that.timestamp
                    && Arrays.equals(key, that.key)
                    && Arrays.equals(value, that.value)
                    && headers.equals(that.headers);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(timestamp);
        }
    }

    private final Random random;

    public RandomRecords(long seed) {
        this.random = new Random(seed);
    }

    public Random random() {
        return random;
    }

    public byte @Nullable [] bytes(int sizeMax) {
        if (random.nextInt(8) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(sizeMax + 1)];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    public Header[] headers() {
        if (random.nextInt(4) != 0) {
            return Header.NONE;
        }
        Header[] headers = new Header[1 + random.nextInt(3)];
        for (int i = 0; i < headers.length; i++) {
            headers[i] =
                    new Header(random.nextInt(3) == 0 ? "" : "h\u00e9ad\ud83d\ude00" + random.nextInt(100), bytes(20));
        }
        return headers;
    }

    public long timestamp() {
        return random.nextInt(20) == 0 ? 0 : 1_700_000_000_000L + random.nextInt(1_000_000);
    }

    /** Fills a builder with up to this many records and returns what was appended. */
    public List<Sample> fill(RecordBatchBuilder builder, int count, int valueSizeMax) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long timestamp = timestamp();
            byte[] key = bytes(30);
            byte[] value = bytes(valueSizeMax);
            Header[] headers = headers();
            if (!builder.append(timestamp, key, value, headers)) {
                break;
            }
            samples.add(new Sample(timestamp, key, value, text(headers)));
        }
        return samples;
    }

    /** What a cursor finds in a batch. */
    public static List<Sample> read(RecordBatch batch) {
        RecordCursor cursor = new RecordCursor();
        cursor.wrap(batch);
        List<Sample> samples = new ArrayList<>();
        while (cursor.next()) {
            samples.add(new Sample(cursor.timestamp(), cursor.key(), cursor.value(), text(cursor.headers())));
        }
        return samples;
    }

    public static List<String> text(Header[] headers) {
        return Arrays.stream(headers)
                .map(header -> header.key() + "=" + Arrays.toString(header.value()))
                .toList();
    }
}
