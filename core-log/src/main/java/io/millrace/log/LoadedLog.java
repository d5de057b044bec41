package io.millrace.log;

/** A log as it was found on disk, checked and repaired. */
record LoadedLog(SyncLedger ledger, SegmentList segments, EpochHistory epochs, long logStartOffset) {}
