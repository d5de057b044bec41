package io.millrace.streams.runtime;

/** The moments of a job's life at which a crash leaves something different behind, in their order. */
public enum EpochPoint {
    /** The older producer is fenced and its last transaction complete; nothing has been restored. */
    PRODUCER_READY,
    /** State is as the last commit left it; no input has been read. */
    RESTORED,
    /** Some input of the epoch has gone to a lane. */
    INPUT_TAKEN,
    /** The epoch ends: the barrier has gone to every lane. */
    BARRIER_SENT,
    /** A batch of output has been handed to the open transaction. */
    OUTPUT_APPENDED,
    /** The last changelog batch of a shard has been handed to the open transaction. */
    CHANGELOG_APPENDED,
    /** The input positions have been handed to the open transaction. */
    POSITIONS_SENT,
    /** Every append is acknowledged; the decision has been asked for. */
    DECISION_ASKED,
    /** The decision is durable; no lane knows it yet. */
    DECIDED,
    /** The lanes have been told; the markers may be on their way. */
    APPLIED,
    /** The markers are written. */
    MARKERS_DONE,
    /** The log has made every commit so far durable, so that slices of them may be written below. */
    LOG_SYNCED,
    /** A slice of committed state has been written below; its lane does not know it yet. */
    SLICE_WRITTEN
}
