package io.millrace.log;

import java.util.List;

/**
 * A sync that is due: which files and directories, and the offset up to which the log is durable after it.
 *
 * <p>Taken by the log's owner ({@link PartitionLog#beginSync}), run once on any thread, its result applied by the owner
 * ({@link PartitionLog#synced}). Requests of one log are run and applied in the order in which they were taken.
 */
public final class SyncRequest {

    /** How a sync ended. */
    public sealed interface Result {
        /** Everything below {@code endOffset} is on the disk. */
        record Synced(long number, long endOffset) implements Result {}

        /** Nobody knows what is on the disk: the data directory has failed for good (S6). */
        record Failed(long number, String message) implements Result {}
    }

    private final LogStorage storage;
    private final long number;
    private final List<LogFile> files;
    private final List<String> directories;
    private final long endOffset;

    SyncRequest(LogStorage storage, long number, List<LogFile> files, List<String> directories, long endOffset) {
        this.storage = storage;
        this.number = number;
        this.files = List.copyOf(files);
        this.directories = List.copyOf(directories);
        this.endOffset = endOffset;
    }

    /** The offset below which the log is durable when the sync succeeds. */
    public long endOffset() {
        return endOffset;
    }

    /** Syncs; blocks for as long as the disk needs. Throws nothing: there is a result in any case. */
    public Result run() {
        try {
            for (LogFile file : files) {
                syncUnlessRemoved(file);
            }
            for (String directory : directories) {
                storage.syncDirectory(directory);
            }
            return new Result.Synced(number, endOffset);
        } catch (StorageException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            return failed(
                    "a sync ended with " + e); // somebody waits for a result, and nobody knows what is on the disk
        }
    }

    private Result failed(String reason) {
        storage.fail(reason);
        return new Result.Failed(number, reason);
    }

    /** Retention or compaction may have removed a file since the request was taken: then nothing of it need be durable. */
    private static void syncUnlessRemoved(LogFile file) {
        try {
            file.sync();
        } catch (StorageException e) {
            boolean removed =
                    e.kind() == StorageException.Kind.MISSING && file.path().endsWith(SegmentFiles.DELETED);
            if (!removed) {
                throw e;
            }
        }
    }
}
