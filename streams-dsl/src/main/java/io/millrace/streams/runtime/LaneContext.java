package io.millrace.streams.runtime;

import io.millrace.record.Header;
import io.millrace.record.RecordTooLargeException;
import io.millrace.store.KeyCodec;
import io.millrace.store.ShardState;
import io.millrace.store.StateStoreException;
import io.millrace.store.ValueCodec;
import io.millrace.streams.DropReason;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.codec.Codec;
import io.millrace.streams.codec.KeyPartitioner;
import io.millrace.streams.codec.ReadableCodec;
import io.millrace.streams.operator.Receiver;
import io.millrace.streams.operator.RecordContext;
import io.millrace.streams.operator.SourceBytes;
import io.millrace.streams.operator.StreamTime;
import io.millrace.streams.operator.TaskContext;
import io.millrace.streams.plan.Exchange;
import io.millrace.streams.topology.LateTopic;
import io.millrace.streams.topology.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one task's operators see of the runtime, and what happens to a record that cannot go on. Owned by the lane. */
final class LaneContext implements TaskContext {

    /** What all tasks of a lane share. */
    record Shared(
            LaneAssignment assignment,
            Exchanges exchanges,
            LaneOutputs outputs,
            DropCounters drops,
            LaneClock clock,
            StateCodecs codecs,
            KeyClasses keyClasses) {}

    /** The wall-clock time of the current frame. */
    static final class LaneClock {
        long wallMs;
    }

    private final Shared shared;
    private final LaneTask task;
    private final ShardState state;
    private long keylessCount;

    LaneContext(Shared shared, LaneTask task, ShardState state) {
        this.shared = shared;
        this.task = task;
        this.state = state;
    }

    @Override
    public ShardState state() {
        return state;
    }

    @Override
    public KeyCodec<Object> stateKeys(String store) {
        return shared.keyClasses().checked(store, shared.codecs().keys());
    }

    @Override
    public ValueCodec<Object> stateValues() {
        return shared.codecs().values();
    }

    @Override
    public StreamTime streamTime(String nodeId) {
        return task.streamTime(nodeId);
    }

    @Override
    public long wallClockMs() {
        return shared.clock().wallMs;
    }

    @Override
    public Receiver exchange(String exchangeId) {
        int index = 0;
        for (Exchange exchange : shared.assignment().plan().exchanges()) {
            if (exchange.id().equals(exchangeId)) {
                return new ExchangeRouter(
                        index, exchange, task.shard, shared.codecs().keys(), shared.exchanges());
            }
            index++;
        }
        throw new IllegalStateException("the plan has no exchange " + exchangeId);
    }

    @Override
    public Receiver sink(Node node) {
        return new SinkReceiver(node, shared.outputs(), this);
    }

    @Override
    public void drop(
            Node node,
            DropReason reason,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext context)
            throws Exception {
        shared.drops().count(node.id(), reason);
        LateTopic late = node.lateTo();
        if (late != null && reason == DropReason.LATE) {
            setAside(node, late, key, value, timestampMs, context);
        }
    }

    @Override
    public void failed(
            Node node,
            Exception cause,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext context)
            throws Exception {
        apply(errorPolicy(node), node, DropReason.PROCESSING, cause, key, value, timestampMs, context);
    }

    @Override
    public ErrorPolicy errorPolicy(Node node) {
        ErrorPolicy own = node.errorPolicy();
        return own != null ? own : shared.assignment().policies().processing();
    }

    @Override
    public boolean emitsEveryUpdate() {
        return shared.assignment().options().emitEveryUpdate();
    }

    /** An input record could not be decoded. */
    void undecodable(Node source, DecodeFailure failure, long timestampMs, RecordContext context) throws Exception {
        ErrorPolicy own = source.errorPolicy();
        ErrorPolicy policy = own != null ? own : shared.assignment().policies().deserialization();
        if (failure.cause() == null) {
            shared.drops().count(source.id(), failure.reason());
            return;
        }
        apply(policy, source, failure.reason(), failure.cause(), failure.key(), failure.value(), timestampMs, context);
    }

    /** An output record could not be encoded, or is too large. */
    void unwritable(
            Node sink,
            Exception cause,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext context)
            throws Exception {
        ErrorPolicy own = sink.errorPolicy();
        ErrorPolicy policy = own != null ? own : shared.assignment().policies().production();
        apply(policy, sink, DropReason.PRODUCTION, cause, key, value, timestampMs, context);
    }

    /** As {@link #unwritable}, of a record that has waited for its topic; a failure says which record it was. */
    void unwritableLater(
            Node sink,
            Exception cause,
            byte @Nullable [] key,
            byte @Nullable [] value,
            long timestampMs,
            RecordContext context)
            throws Exception {
        try {
            unwritable(sink, cause, key, value, timestampMs, context);
        } catch (OperatorFailure e) {
            throw new RecordFailure(context.topic(), context.partition(), context.offset(), e);
        }
    }

    private void apply(
            ErrorPolicy policy,
            Node node,
            DropReason reason,
            Exception cause,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext context)
            throws Exception {
        if (policy instanceof ErrorPolicy.Fail || isOfState(cause)) {
            throw new OperatorFailure(node.id(), reason, cause);
        }
        shared.drops().count(node.id(), reason);
        if (policy instanceof ErrorPolicy.DeadLetter letter) {
            SourceBytes source = context.source();
            DeadLetter dead = new DeadLetter(
                    Math.max(context.partition(), 0),
                    source == null ? encoded(ReadableCodec.INSTANCE, key) : source.key(),
                    source == null ? encoded(ReadableCodec.INSTANCE, value) : source.value(),
                    timestampMs,
                    List.copyOf(context.headers()),
                    ErrorHeaders.of(context, node.id(), reason.name(), cause));
            shared.outputs().write(letter.topic(), null, writer -> dead.writeTo(writer, shared.outputs()));
        }
    }

    /** Whether the state, and not the record, is what is wrong: no policy leaves that out. */
    private static boolean isOfState(Exception cause) {
        return JobFault.comesFrom(StateStoreException.class, cause)
                || JobFault.comesFrom(KeyClasses.OtherClassException.class, cause);
    }

    @SuppressWarnings("unchecked") // the topology's types say that the codecs fit
    private void setAside(
            Node node,
            LateTopic late,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext context)
            throws Exception {
        Codec<Object> keys = (Codec<Object>) late.keys();
        byte[] keyBytes;
        byte[] valueBytes;
        try {
            keyBytes = encoded(keys, key);
            valueBytes = encoded((Codec<Object>) late.values(), value);
        } catch (RuntimeException e) {
            unwritable(node, e, key, value, timestampMs, context);
            return;
        }
        long keyless = keyBytes == null ? nextKeyless() : 0;
        RecordContext kept = context.copy();
        List<Header> headers = new ArrayList<>(kept.headers());
        headers.addAll(ErrorHeaders.of(kept, node.id(), DropReason.LATE.name(), null));
        Header[] all = headers.toArray(Header[]::new);
        shared.outputs().write(late.topic(), null, writer -> {
            int partition = KeyPartitioner.partition(keys, keyBytes, keyless, writer.partitionCount());
            try {
                shared.outputs().write(writer, partition, keyBytes, valueBytes, timestampMs, all);
            } catch (RecordTooLargeException e) {
                unwritableLater(node, e, keyBytes, valueBytes, timestampMs, kept);
            }
        });
    }

    private static byte @Nullable [] encoded(Codec<Object> codec, @Nullable Object object) {
        return object == null ? null : codec.encode(object);
    }

    /** How many records without a key this task has routed before. */
    long nextKeyless() {
        return keylessCount++;
    }
}
