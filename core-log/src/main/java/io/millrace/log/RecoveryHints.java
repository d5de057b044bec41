package io.millrace.log;

/**
 * What the checkpoints of a data directory say about one partition when it is opened.
 *
 * @param recoveryPoint everything below was synced; 0 if unknown, which makes recovery read the whole log
 * @param logStartOffset the first offset that may be read; 0 if none was recorded
 * @param cleanShutdown whether the directory was closed cleanly, so that nothing needs to be scanned
 */
public record RecoveryHints(long recoveryPoint, long logStartOffset, boolean cleanShutdown) {

    /** Nothing is known: everything is scanned. */
    public static final RecoveryHints NONE = new RecoveryHints(0, 0, false);
}
