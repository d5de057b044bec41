package io.millrace.log;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The content of one file of a {@link MemoryLogStorage}: what a reader sees now, and enough to fall back to what was durable.
 * Guarded by the lock of its storage.
 */
final class MemoryFile {

    /** A disk writes whole sectors or not at all. */
    static final int SECTOR_BYTES = 512;

    private byte[] content = new byte[0];
    private int size;
    private int durableSize;
    /** What stood at the last sync in those sectors below the durable size that were changed since. */
    private final TreeMap<Integer, byte[]> durableSectors = new TreeMap<>();
    /** Sectors at or beyond the durable size need no copy: nothing durable was there. */
    private boolean unsynced;

    int size() {
        return size;
    }

    void write(int position, byte[] bytes, int from, int length) {
        keepDurable(position, position + length);
        grow(position + length);
        System.arraycopy(bytes, from, content, position, length);
        size = Math.max(size, position + length);
    }

    int read(int position, byte[] target, int from, int length) {
        int count = Math.max(0, Math.min(length, size - position));
        if (count > 0) {
            System.arraycopy(content, position, target, from, count);
        }
        return count;
    }

    void truncate(int newSize) {
        if (newSize < size) {
            keepDurable(newSize, size);
            Arrays.fill(content, newSize, size, (byte) 0);
            size = newSize;
        }
    }

    void sync() {
        durableSectors.clear();
        durableSize = size;
        unsynced = false;
    }

    /** What a crash leaves: each sector changed since the last sync is old or new, the size lies anywhere between. */
    MemoryFile afterCrash(SplittableRandom random) {
        MemoryFile left = new MemoryFile();
        left.size = unsynced ? sizeAfterCrash(random) : size;
        left.content = Arrays.copyOf(content, left.size);
        if (unsynced) {
            boolean allNew = random.nextInt(4) == 0;
            int firstUnsynced = durableSize / SECTOR_BYTES;
            for (int sector = firstUnsynced; sector * SECTOR_BYTES < left.size; sector++) {
                if (!allNew && random.nextBoolean()) {
                    int from = Math.max(durableSize, sector * SECTOR_BYTES);
                    int to = Math.min(left.size, (sector + 1) * SECTOR_BYTES);
                    Arrays.fill(left.content, from, Math.max(from, to), (byte) 0);
                }
            }
            durableSectors.forEach((sector, old) -> {
                if (!allNew && random.nextBoolean()) {
                    int from = sector * SECTOR_BYTES;
                    int count = Math.min(old.length, left.size - from);
                    if (count > 0) {
                        System.arraycopy(old, 0, left.content, from, count);
                    }
                }
            });
        }
        left.durableSize = left.size;
        return left;
    }

    private int sizeAfterCrash(SplittableRandom random) {
        int low = Math.min(size, durableSize);
        int high = Math.max(size, durableSize);
        return switch (random.nextInt(4)) {
            case 0 -> durableSize;
            case 1 -> size;
            default -> {
                int any = low + random.nextInt(high - low + 1);
                yield Math.max(low, any / SECTOR_BYTES * SECTOR_BYTES);
            }
        };
    }

    private void keepDurable(int from, int to) {
        unsynced = true;
        int end = Math.min(to, durableSize);
        for (int sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
            if (!durableSectors.containsKey(sector)) {
                int start = sector * SECTOR_BYTES;
                int stop = Math.min(durableSize, start + SECTOR_BYTES);
                durableSectors.put(sector, Arrays.copyOfRange(padded(stop), start, stop));
            }
        }
    }

    private byte[] padded(int length) {
        return content.length >= length ? content : Arrays.copyOf(content, length);
    }

    private void grow(int needed) {
        if (needed > content.length) {
            content = Arrays.copyOf(content, Math.max(needed, Math.max(1024, content.length * 2)));
        }
    }
}
