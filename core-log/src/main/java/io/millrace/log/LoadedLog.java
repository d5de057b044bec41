package io.millrace.log;

import org.jspecify.annotations.Nullable;

/**
 * A log as it was found on disk, checked and repaired.
 *
 * @param recoveryPoint everything below was synced, whether it is still there or not
 * @param quarantine why it may be read but not appended to; null if it is sound
 */
record LoadedLog(
        SyncLedger ledger,
        SegmentList segments,
        EpochHistory epochs,
        ProducerStates producers,
        long logStartOffset,
        long recoveryPoint,
        @Nullable String quarantine) {}
