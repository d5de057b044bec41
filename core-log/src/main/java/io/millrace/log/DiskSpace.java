package io.millrace.log;

/**
 * The room of a file system at one moment.
 *
 * @param usableBytes that this process can still write
 * @param totalBytes of the whole file system; {@link Long#MAX_VALUE} if there is no end to it or nobody knows
 */
public record DiskSpace(long usableBytes, long totalBytes) {

    /** Room without end. */
    public static final DiskSpace UNBOUNDED = new DiskSpace(Long.MAX_VALUE, Long.MAX_VALUE);
}
