package io.millrace.streams.runtime;

import io.millrace.streams.topology.Operation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a lane says to the I/O agent. Each names the attempt it is about, so that late ones of a dead attempt are left out. */
sealed interface LaneEvent {

    long attempt();

    /** A batch for the transaction of its epoch. */
    record Output(long attempt, int lane, OutputBatch batch) implements LaneEvent {}

    /** The stores of the lane's shards are open; the committed changelog below these positions is in them. */
    record Opened(long attempt, int lane, Map<Integer, ShardStart> shards) implements LaneEvent {}

    /** All operators are open; with the input positions that the last commit of each shard recorded. */
    record Ready(long attempt, int lane, Map<Integer, MetaRecord> metas) implements LaneEvent {}

    /** Everything of the epoch has been handed over. */
    record EpochDone(long attempt, int lane, long epoch) implements LaneEvent {}

    /** A sink chose a topic that the lane does not know. */
    record TopicWanted(long attempt, int lane, String topic, Operation.WriteTopic sink) implements LaneEvent {}

    /** Something happened without input (a wall-clock timer): the epoch is worth committing. */
    record Worked(long attempt, int lane) implements LaneEvent {}

    /** All that is committed has been written below, or there was nothing to write. */
    record WrittenOut(long attempt, int lane) implements LaneEvent {}

    /** The lane cannot go on. */
    record Failed(long attempt, int lane, RecordFailure failure) implements LaneEvent {}

    /** The lane has forgotten the attempt. */
    record Released(long attempt, int lane) implements LaneEvent {}

    /**
     * What a shard's backing store says of itself before the changelog is replayed.
     *
     * @param position null if it is empty
     */
    record ShardStart(int shard, io.millrace.store.@Nullable StorePosition position) {}
}
