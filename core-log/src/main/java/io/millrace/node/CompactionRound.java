package io.millrace.node;

import io.millrace.log.Compaction;

/** A round of compaction and the partition it belongs to. */
record CompactionRound(Partition partition, Compaction compaction) {}
