package io.millrace.node;

import io.millrace.log.SyncRequest;
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

    Partition partition() {
        return partition;
    }

    /** Null until it has run. */
    SyncRequest.@Nullable Result result() {
        return result;
    }
}
