package io.millrace.log;

import io.millrace.kernel.Invariant;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a log is not durable yet, and how far it is. Owned by the log's thread.
 *
 * <p>The flushed end is the recovery point: it moves only after the data and the directory entries of all new segments below
 * it were synced (S2, S5).
 */
final class SyncLedger {
    private final LogStorage storage;
    private final Set<LogFile> unsyncedFiles = new LinkedHashSet<>();
    private final Set<String> unsyncedDirectories = new LinkedHashSet<>();
    private long unsyncedRecords;
    private long firstUnsyncedMs;
    private long flushedEnd;
    private long taken;
    private long applied;
    private @Nullable String failure;

    SyncLedger(LogStorage storage, long flushedEnd) {
        this.storage = storage;
        this.flushedEnd = flushedEnd;
    }

    void wrote(LogFile file) {
        unsyncedFiles.add(file);
    }

    void changed(String directory) {
        unsyncedDirectories.add(directory);
    }

    /**
     * Makes a file that is not there yet, with this content. The coming sync, which a log's first records ask for in any mode,
     * makes it durable together with them; until then a crash may leave a part of it.
     */
    void begin(String directory, String name, byte[] content) {
        try {
            LogFile file = storage.open(directory + "/" + name, LogStorage.Open.EMPTY);
            file.write(0, ByteBuffer.wrap(content));
            unsyncedFiles.add(file);
            unsyncedDirectories.add(directory);
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.NO_SPACE) {
                fail(name + " could not be written: " + e.getMessage());
            }
            throw e;
        }
    }

    /**
     * Makes the names in the directory durable now, unless they are. Before a log goes on in a new segment: else a power cut
     * might keep the name of that one and lose those before it, as if retention had taken them.
     */
    void syncNames(String directory) {
        if (!unsyncedDirectories.contains(directory) && taken == applied) {
            return;
        }
        try {
            storage.syncDirectory(directory);
        } catch (StorageException e) {
            fail("the names in " + directory + " could not be synced: " + e.getMessage());
            throw e;
        }
    }

    /** Records were written to a file; their sync is due when the configuration says so. */
    void wrote(LogFile file, long records, long nowMs) {
        if (unsyncedRecords == 0) {
            firstUnsyncedMs = nowMs;
        }
        unsyncedRecords += records;
        unsyncedFiles.add(file);
    }

    /** These files are on their way out and need no sync any more. */
    void forget(List<LogFile> files) {
        files.forEach(unsyncedFiles::remove);
    }

    boolean isDue() {
        return !unsyncedFiles.isEmpty() || !unsyncedDirectories.isEmpty();
    }

    /** Whether the topic asks for a sync now. A new segment asks for one in any mode, because the old one is complete. */
    boolean isDue(LogConfig config, long nowMs) {
        if (!isDue() || failure != null) {
            return false;
        }
        return config.durability() == LogConfig.Durability.DISK
                || !unsyncedDirectories.isEmpty()
                || unsyncedRecords >= config.flushMessages()
                || (unsyncedRecords > 0 && nowMs - firstUnsyncedMs >= config.flushMs());
    }

    SyncRequest take(long endOffset) {
        List<LogFile> files = new ArrayList<>(unsyncedFiles);
        List<String> directories = new ArrayList<>(unsyncedDirectories);
        unsyncedFiles.clear();
        unsyncedRecords = 0;
        unsyncedDirectories.clear();
        return new SyncRequest(storage, ++taken, files, directories, endOffset);
    }

    void apply(SyncRequest.Result result) {
        applied++;
        if (result instanceof SyncRequest.Result.Synced synced) {
            Invariant.check(synced.number() == applied, "syncs are applied in order", synced.number(), applied);
            if (failure == null) {
                flushedEnd = Math.max(flushedEnd, synced.endOffset());
            }
        } else if (result instanceof SyncRequest.Result.Failed failed) {
            fail(failed.message());
        }
    }

    /**
     * The disk has refused a write or a sync, and not for want of space. Nobody knows what became of other writes, those of other
     * logs included, that wait for their sync: so the whole directory has failed (S6).
     */
    void fail(String reason) {
        if (failure == null) {
            failure = reason;
            storage.fail(reason);
        }
    }

    /** The log was cut or emptied: nothing above is durable any more. */
    void cutTo(long endOffset) {
        flushedEnd = Math.min(flushedEnd, endOffset);
    }

    /** Everything below is durable for another reason than a sync: recovery has done it, or the log begins here now. */
    void durableTo(long endOffset) {
        flushedEnd = Math.max(flushedEnd, endOffset);
    }

    long flushedEnd() {
        return flushedEnd;
    }

    /** Why nothing may be appended any more. */
    @Nullable
    String failure() {
        return failure;
    }
}
