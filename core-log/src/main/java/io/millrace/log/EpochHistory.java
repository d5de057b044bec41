package io.millrace.log;

import io.millrace.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which leader epoch began at which offset. Immutable; epochs and offsets ascend.
 *
 * <p>Semantics: KIP-101 and KIP-279. It is authoritative after compaction, which may remove every batch of an epoch (S11).
 */
public record EpochHistory(List<Entry> entries) {

    /** The first offset that a leader of this epoch assigned. */
    public record Entry(int epoch, long startOffset) {}

    /** The end of an epoch: the start of the next one, or the log end. Both are -1 where nothing is known. */
    public record End(int epoch, long endOffset) {
        public static final End UNKNOWN = new End(-1, -1);
    }

    static final EpochHistory EMPTY = new EpochHistory(List.of());

    public EpochHistory {
        entries = List.copyOf(entries);
    }

    /** The newest epoch; -1 if there is none. */
    public int latest() {
        return entries.isEmpty() ? -1 : entries.get(entries.size() - 1).epoch();
    }

    /** The epoch of the record at this offset; -1 if unknown. */
    public int epochAt(long offset) {
        int epoch = -1;
        for (Entry entry : entries) {
            if (entry.startOffset() > offset) {
                break;
            }
            epoch = entry.epoch();
        }
        return epoch;
    }

    /** Why a batch, whose checksum does not cover its leader epoch, cannot have the one it has; null if nothing speaks against it. */
    @Nullable
    String contradiction(RecordBatch batch) {
        int epoch = batch.partitionLeaderEpoch();
        int known = epochAt(batch.baseOffset());
        return epoch != RecordBatch.NO_LEADER_EPOCH && known >= 0 && epoch != known
                ? "its leader epoch is " + epoch + ", expected " + known
                : null;
    }

    /** The largest epoch up to the asked one, and where it ends. */
    public End endOf(int epoch, long logEndOffset) {
        if (epoch < 0 || entries.isEmpty() || epoch > latest()) {
            return End.UNKNOWN;
        }
        if (epoch == latest()) {
            return new End(epoch, logEndOffset);
        }
        int floor = epoch;
        for (Entry entry : entries) {
            if (entry.epoch() > epoch) {
                return new End(floor, entry.startOffset());
            }
            floor = entry.epoch();
        }
        return End.UNKNOWN;
    }

    /** With a new epoch from this offset on; the same if it is not newer than the latest. */
    EpochHistory assign(int epoch, long startOffset) {
        if (epoch < 0 || epoch <= latest()) {
            return this;
        }
        List<Entry> kept = new ArrayList<>(entries);
        kept.removeIf(entry -> entry.startOffset() >= startOffset);
        kept.add(new Entry(epoch, startOffset));
        return new EpochHistory(kept);
    }

    /** Without epochs that begin at the new log end or beyond. */
    EpochHistory cutTo(long logEndOffset) {
        List<Entry> kept = new ArrayList<>(entries);
        kept.removeIf(entry -> entry.startOffset() >= logEndOffset);
        return kept.size() == entries.size() ? this : new EpochHistory(kept);
    }

    /** Without epochs that end at the new log start or before; the one that reaches over it begins there. */
    EpochHistory startAt(long logStartOffset) {
        if (entries.isEmpty() || entries.get(0).startOffset() >= logStartOffset) {
            return this;
        }
        List<Entry> kept = new ArrayList<>();
        int reachingOver = -1;
        for (Entry entry : entries) {
            if (entry.startOffset() <= logStartOffset) {
                reachingOver = entry.epoch();
            } else {
                kept.add(entry);
            }
        }
        kept.add(0, new Entry(reachingOver, logStartOffset));
        return new EpochHistory(kept);
    }
}
