package io.millrace.node;

import io.millrace.client.ErrorCode;

/** A sync that nobody waits for. */
final class SyncWork extends Work {

    private final Partition partition;

    SyncWork(Partition partition) {
        this.partition = partition;
    }

    @Override
    void append(LogOwner log) {
        touch(partition);
    }

    @Override
    void acknowledge(LogOwner log) {
        // nobody waits
    }

    @Override
    void fail(ErrorCode error, String message) {
        // whoever writes next is told
    }
}
