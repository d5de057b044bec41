package io.millrace.node;

import io.millrace.log.DiskSpace;

/**
 * How much of the disk users' records leave free (S9). What is left is for the log itself: decisions and markers of
 * transactions, positions, metadata, and the copies that compaction makes.
 *
 * @param freeRatioMin {@code disk.free.ratio.min}: the share of the file system below which records are refused, 0 to 1;
 *     0 switches that off; 0.05
 * @param freeBytesMax {@code disk.free.bytes.max}: never is more than this asked to be free, in bytes, because a share of a
 *     large disk is far more than the log can need; 1 GiB
 * @param ballastBytes {@code disk.ballast.bytes}: taken in advance and given back when the disk is full for another reason
 *     than this log, in bytes; never more than half of what must be free; 16 MiB
 */
public record DiskLimits(double freeRatioMin, long freeBytesMax, long ballastBytes) {

    public static final DiskLimits DEFAULT = new DiskLimits(0.05, 1L << 30, 16L << 20);

    public DiskLimits {
        if (!(freeRatioMin >= 0 && freeRatioMin <= 1) || freeBytesMax < 0 || ballastBytes < 0) {
            throw new IllegalArgumentException(
                    "disk.free.ratio.min must be 0 to 1, disk.free.bytes.max and disk.ballast.bytes 0 or more, were "
                            + freeRatioMin + ", " + freeBytesMax + " and " + ballastBytes);
        }
    }

    /** Bytes that must be free on such a disk for records to be taken. */
    long floorBytes(DiskSpace disk) {
        return Math.min((long) (freeRatioMin * disk.totalBytes()), freeBytesMax);
    }

    /** Bytes to set aside on such a disk. */
    long ballastBytes(DiskSpace disk) {
        return Math.min(ballastBytes, floorBytes(disk) / 2);
    }
}
