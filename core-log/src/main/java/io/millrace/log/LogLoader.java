package io.millrace.log;

import java.util.List;

/** Opens the directory of a partition. */
final class LogLoader {

    private LogLoader() {}

    static LoadedLog load(LogStorage storage, String directory, LogConfig config, RecoveryHints hints, long nowMs) {
        storage.createDirectory(directory);
        SyncLedger ledger = new SyncLedger(storage, hints.recoveryPoint());
        SegmentList segments = new SegmentList(storage, directory, ledger);
        EpochHistory epochs = EpochHistory.EMPTY;
        List<Long> bases = storage.list(directory).stream()
                .filter(name -> SegmentFiles.matches(name, SegmentFiles.LOG))
                .map(SegmentFiles::baseOffsetOf)
                .toList();
        for (long base : bases) {
            Segment segment = Segment.existing(storage, directory, base, nowMs);
            segments.addExisting(segment);
            segment.findEnd();
            BatchScan scan = new BatchScan(segment.reader(), 0, segment.size());
            while (scan.next()) {
                epochs = epochs.assign(scan.leaderEpoch(), scan.baseOffset());
            }
        }
        if (segments.count() == 0) {
            segments.roll(hints.logStartOffset(), nowMs);
        } else {
            segments.active().reopen();
        }
        return new LoadedLog(ledger, segments, epochs, hints.logStartOffset());
    }
}
