package io.millrace.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One budget for the newest batches that all partitions keep in memory for their readers. When it is used up, the partitions
 * that were written to longest ago let theirs go; their readers go on from the files. Owned by the log agent.
 */
final class Tails {

    /** Kept in memory by all partitions together, besides what waits for its write. */
    static final long BYTES_MAX = 64L << 20;

    private final long bytesMax;

    /** In order of the last write, and what each kept after it. */
    private final Map<Partition, Integer> written = new LinkedHashMap<>(64, 0.75f, true);

    private long bytes;

    Tails(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The partition was written to. */
    void wrote(Partition partition) {
        Integer before = written.put(partition, partition.tailBytes());
        bytes += partition.tailBytes() - (before == null ? 0 : before);
        if (bytes > bytesMax) {
            makeRoom();
        }
    }

    /** Down to three quarters, so that the next write need not look again. */
    private void makeRoom() {
        forgetClosed();
        List<Partition> oldestFirst = new ArrayList<>(written.keySet());
        for (int i = 0; i < oldestFirst.size() && bytes > bytesMax / 4 * 3; i++) {
            Partition oldest = oldestFirst.get(i);
            oldest.forgetTail();
            int left = oldest.tailBytes();
            bytes += left - written.getOrDefault(oldest, 0);
            if (left == 0) {
                written.remove(oldest);
            } else {
                written.replace(oldest, left);
            }
        }
    }

    /** Partitions at rest have given theirs back by themselves, deleted ones are gone. */
    private void forgetClosed() {
        written.keySet().removeIf(partition -> partition.handle().isDeleted() || partition.tailBytes() == 0);
        bytes = 0;
        for (int each : written.values()) {
            bytes += each;
        }
    }
}
