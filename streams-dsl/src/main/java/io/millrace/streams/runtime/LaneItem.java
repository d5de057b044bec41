package io.millrace.streams.runtime;

import io.millrace.record.RecordBatch;
import io.millrace.store.StorePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What travels through a lane's pipeline, in order: input and the steps of an epoch. The process stage fills {@link
 * #outputs}, the encode stage empties it.
 */
abstract sealed class LaneItem
        permits Frame,
                LaneItem.Assign,
                LaneItem.Restore,
                LaneItem.Restored,
                LaneItem.Begin,
                LaneItem.Barrier,
                LaneItem.Committed,
                LaneItem.Unread,
                LaneItem.Ask,
                LaneItem.WriteOut,
                LaneItem.Release {

    /** Batches that filled while this item was processed. */
    final List<OutputBatch> outputs = new ArrayList<>();

    /** From here on the lane works for this attempt. Everything in it now belongs to the lane. */
    static final class Assign extends LaneItem {
        final LaneAssignment assignment;

        Assign(LaneAssignment assignment) {
            this.assignment = assignment;
        }
    }

    /** Committed changelog of one shard, to be applied. */
    static final class Restore extends LaneItem {
        final int shard;
        final List<RecordBatch> batches;
        final long fromOffset;

        /** What the batches lead to. */
        final StorePosition position;

        /** Its number in {@link SyncedCommits}. */
        final long commit;

        Restore(int shard, List<RecordBatch> batches, long fromOffset, StorePosition position, long commit) {
            this.position = position;
            this.commit = commit;
            this.shard = shard;
            this.batches = batches;
            this.fromOffset = fromOffset;
        }
    }

    /** All changelogs have been applied up to these positions: open the operators and answer with what they stand for. */
    static final class Restored extends LaneItem {
        final Map<Integer, StorePosition> positions;

        /** Its number in {@link SyncedCommits}. */
        final long commit;

        Restored(Map<Integer, StorePosition> positions, long commit) {
            this.commit = commit;
            this.positions = Map.copyOf(positions);
        }
    }

    /** Outputs are taken from now on: what happens without input, a timer of the wall clock, may happen. */
    static final class Begin extends LaneItem {}

    /** The epoch ends here; with the input positions of each shard that moved. */
    static final class Barrier extends LaneItem {
        final long epoch;
        final Map<Integer, InputPositions> positions;

        Barrier(long epoch, Map<Integer, InputPositions> positions) {
            this.epoch = epoch;
            this.positions = Map.copyOf(positions);
        }
    }

    /** The frozen epoch is decided and durable; with the position of each shard whose changelog it wrote. */
    static final class Committed extends LaneItem {
        final long epoch;
        final Map<Integer, StorePosition> positions;

        /** Its number in {@link SyncedCommits}. */
        final long commit;

        Committed(long epoch, Map<Integer, StorePosition> positions, long commit) {
            this.commit = commit;
            this.epoch = epoch;
            this.positions = Map.copyOf(positions);
        }
    }

    /** A task that had read everything has something unread again: every lane must know before it goes on by other input. */
    static final class Unread extends LaneItem {
        final int fragment;
        final int shard;
        final long progressMs;
        final long version;

        Unread(int fragment, int shard, long progressMs, long version) {
            this.fragment = fragment;
            this.shard = shard;
            this.progressMs = progressMs;
            this.version = version;
        }
    }

    /** A question about committed state, answered at this place in the input. */
    static final class Ask extends LaneItem {
        final StoreQuestion question;

        Ask(StoreQuestion question) {
            this.question = question;
        }
    }

    /** Write everything committed to the backing stores: a clean close is near. */
    static final class WriteOut extends LaneItem {}

    /** The attempt is over: forget it and answer. */
    static final class Release extends LaneItem {
        final long attempt;

        Release(long attempt) {
            this.attempt = attempt;
        }
    }
}
