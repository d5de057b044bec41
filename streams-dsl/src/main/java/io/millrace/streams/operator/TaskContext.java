package io.millrace.streams.operator;

import io.millrace.store.KeyCodec;
import io.millrace.store.ShardState;
import io.millrace.store.ValueCodec;
import io.millrace.streams.DropReason;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime gives the operators of one task (a fragment in a shard). Everything here belongs to the shard's lane.
 */
public interface TaskContext {

    /** The stores of the shard. Operators open theirs in their constructor, named after their node's id. */
    ShardState state();

    /** Codec for the keys of this store: canonical, any type a key can have, but one type in a store. */
    KeyCodec<Object> stateKeys(String store);

    /** Codec for values in state and across processes: Kryo with written schemas. */
    ValueCodec<Object> stateValues();

    /** The one stream time of this node in this task. */
    StreamTime streamTime(String nodeId);

    /** Wall-clock time in ms, the same throughout a frame. */
    long wallClockMs();

    /** The way out into an exchange that the planner put behind {@code fromNodeId}. */
    Receiver exchange(String exchangeId);

    /** The way out into a topic. */
    Receiver sink(Node writeTopicNode);

    /** Counts a record that is left out, and writes it to the node's late topic if it has one and the reason is LATE. */
    void drop(
            Node node,
            DropReason reason,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext context)
            throws Exception;

    /**
     * A user's function threw on a record: applies the node's policy. Returns normally if the record is to be left out (it
     * was counted or dead-lettered), else throws what fails the epoch, naming the operator and the record.
     */
    void failed(
            Node node,
            Exception cause,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext context)
            throws Exception;

    /** Policy in force for a node: its own, else the job's. */
    ErrorPolicy errorPolicy(Node node);

    /** Whether every update is to be shown at once (an epoch per record, as a tester does) instead of per epoch. */
    boolean emitsEveryUpdate();
}
