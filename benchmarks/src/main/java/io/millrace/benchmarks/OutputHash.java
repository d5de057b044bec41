package io.millrace.benchmarks;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A hash of an output that does not depend on its order. For outputs that are tables the last value of each key counts, for
 * streams every record does.
 */
final class OutputHash {

    private final boolean table;
    private final Map<ByteBuffer, byte[]> last = new HashMap<>();
    private long sum;
    private long records;

    OutputHash(Workload workload) {
        this.table = workload == Workload.J2 || workload == Workload.J3 || workload == Workload.J6;
    }

    void add(byte[] key, byte[] value) {
        records++;
        if (table) {
            last.put(ByteBuffer.wrap(key), value);
        } else {
            sum += hash(key, value);
        }
    }

    /** Output records seen, updates included. */
    long records() {
        return records;
    }

    long value() {
        long total = sum;
        for (Map.Entry<ByteBuffer, byte[]> entry : last.entrySet()) {
            total += hash(entry.getKey().array(), entry.getValue());
        }
        return total;
    }

    private static long hash(byte[] key, byte[] value) {
        long h = 0xcbf29ce484222325L;
        for (byte b : key) {
            h = (h ^ b) * 0x100000001b3L;
        }
        h = (h ^ key.length) * 0x9e3779b97f4a7c15L;
        for (byte b : value) {
            h = (h ^ b) * 0x100000001b3L;
        }
        return (h ^ (h >>> 32)) * 0xd6e8feb86659fd93L;
    }
}
