package io.millrace.node;

import io.millrace.log.SyncRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One partition's part of a sync round. Made by the log agent, run by a sync agent, looked at by the log agent. */
final class SyncTask {

    private final Partition partition;
    private final SyncRequest request;

    /** Written once by the sync agent; publishes that the disk has everything. */
    private volatile SyncRequest.@Nullable Result result;

    SyncTask(Partition partition) {
        this.partition = partition;
        this.request = partition.beginSync();
    }

    /** On a sync agent. */
    void run() {
        result = request.run();
    }

    /** On the log agent: tells the partition, once it has run. */
    void tell() {
        partition.synced(Objects.requireNonNull(result));
    }

    /** For the end, when no sync agent is stepped any more: runs it if nobody has, and tells the partition. */
    void settle() {
        if (result == null) {
            run();
        }
        tell();
    }

    boolean hasRun() {
        return result != null;
    }
}
