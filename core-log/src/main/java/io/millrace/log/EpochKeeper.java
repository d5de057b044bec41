package io.millrace.log;

/**
 * The epoch history of a log and its file. Owned by the log's thread.
 *
 * <p>A new epoch is on the disk before its first record is appended (R10); the first one of a log together with its first
 * records, before anybody sees them. An epoch assigned for an append that then failed
 * begins at the log end, where the next append begins too; so it may stay.
 */
final class EpochKeeper {
    private final LogStorage storage;
    private final String directory;
    private final SyncLedger ledger;
    private EpochHistory history;

    EpochKeeper(LogStorage storage, String directory, SyncLedger ledger, EpochHistory history) {
        this.storage = storage;
        this.directory = directory;
        this.ledger = ledger;
        this.history = history;
    }

    EpochHistory history() {
        return history;
    }

    /** Durable when this returns. */
    void assign(int epoch, long startOffset) {
        change(history.assign(epoch, startOffset));
    }

    /** For records that follow at once: the first epoch of a log is durable with them. */
    void assignWithRecords(int epoch, long startOffset) {
        EpochHistory changed = history.assign(epoch, startOffset);
        if (changed != history) {
            EpochFile.begin(storage, directory, changed, ledger);
            history = changed;
        }
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
