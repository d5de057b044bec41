package io.millrace.log;

/**
 * The epoch history of a log and its file. Owned by the log's thread.
 *
 * <p>A new epoch is on the disk before its first record is appended (R10). An epoch assigned for an append that then failed
 * begins at the log end, where the next append begins too; so it may stay.
 */
final class EpochKeeper {
    private final LogStorage storage;
    private final String directory;
    private EpochHistory history;

    EpochKeeper(LogStorage storage, String directory, EpochHistory history) {
        this.storage = storage;
        this.directory = directory;
        this.history = history;
    }

    EpochHistory history() {
        return history;
    }

    void assign(int epoch, long startOffset) {
        change(history.assign(epoch, startOffset));
    }

    void cutTo(long logEndOffset) {
        change(history.cutTo(logEndOffset));
    }

    /** In memory: what the file says of offsets below the log start does no harm, and the next change takes it out. */
    void startAt(long logStartOffset) {
        history = history.startAt(logStartOffset);
    }

    private void change(EpochHistory changed) {
        if (changed != history) {
            EpochFile.write(storage, directory, changed);
            history = changed;
        }
    }
}
