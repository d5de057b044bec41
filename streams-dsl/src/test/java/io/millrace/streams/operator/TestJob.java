package io.millrace.streams.operator;

import io.millrace.record.Header;
import io.millrace.store.HeapShardState;
import io.millrace.store.KeyCodec;
import io.millrace.store.ShardState;
import io.millrace.store.StorePosition;
import io.millrace.store.ValueCodec;
import io.millrace.store.memory.MemoryBackingStore;
import io.millrace.streams.DropReason;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.OffsetReset;
import io.millrace.streams.codec.Codec;
import io.millrace.streams.plan.Fragment;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.TopicSelection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One fragment on one shard in memory: nodes are added, records are piped in, and what comes out is read as text, {@code
 * key=value@timestamp}. Table updates that leave through {@link #changes} read {@code key=old->new@timestamp}.
 */
final class TestJob implements TaskContext {

    static final Codec<String> STRINGS = new Codec<>() {
        @Override
        public String name() {
            return "string";
        }

        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes, int offset, int length) {
            return new String(bytes, offset, length, StandardCharsets.UTF_8);
        }
    };

    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, StreamTime> times = new HashMap<>();
    private final RecordContext context = new RecordContext();
    private final List<String> out = new ArrayList<>();
    private @Nullable CompiledFragment compiled;
    private long commits;

    final HeapShardState shard = new HeapShardState(new MemoryBackingStore());
    final List<String> drops = new ArrayList<>();
    boolean everyUpdate = true;
    ErrorPolicy policy = ErrorPolicy.fail();
    long wallClockMs;

    /** A value that ends the epoch when it reaches a sink. */
    @Nullable
    String failingSink;

    List<Header> headers = List.of();

    /** Headers of what came out last. */
    List<Header> lastHeaders = List.of();

    // ---- the topology

    String source(String id) {
        return add(
                id,
                new Operation.ReadTopic(
                        new TopicSelection.Named(List.of(id)), STRINGS, STRINGS, null, OffsetReset.EARLIEST));
    }

    String table(String id) {
        return add(id, new Operation.ReadTable(id, STRINGS, STRINGS, null));
    }

    String add(String id, Operation operation, String... inputs) {
        nodes.add(new Node(id, List.of(inputs), operation, null, null));
        return id;
    }

    /** What the stream hands on is output. */
    void out(String input) {
        add("out-" + input, new Operation.WriteTopic(input, null, STRINGS, STRINGS, null, 0, Map.of()), input);
    }

    /** The updates of the table are output, as they would enter an exchange. */
    void changes(String table) {
        add(
                "changes-" + table,
                new Operation.TableGroupBy((key, value) -> new io.millrace.streams.KeyValue<>(key, value)),
                table);
        out(add("rows-" + table, new Operation.TableToStream(), "changes-" + table));
    }

    Node node(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
    }

    // ---- running

    TestJob pipe(String source, @Nullable String key, @Nullable Object value, long timestampMs) throws Exception {
        context.set(source, 0, 7, headers);
        fragment().input(source).accept(key, value, timestampMs, context);
        return this;
    }

    /** Lets operators begin. */
    void open() throws Exception {
        for (StatefulOperator operator : fragment().stateful()) {
            operator.open();
        }
    }

    void advance() throws Exception {
        context.set(null, -1, -1, List.of());
        for (StatefulOperator operator : fragment().stateful()) {
            operator.advance(context);
        }
    }

    /** Ends the epoch and commits it. */
    void commit() throws Exception {
        context.set(null, -1, -1, List.of());
        for (StatefulOperator operator : fragment().stateful()) {
            operator.barrier(context);
        }
        shard.freeze();
        shard.commit(new StorePosition(new UUID(1, 1), ++commits, 0, commits));
    }

    /** The epoch fails: state goes back to the last commit, operators are built anew. */
    void fail() {
        shard.dropUncommitted();
        compiled = null;
    }

    CompiledFragment fragment() {
        CompiledFragment fragment = compiled;
        if (fragment == null) {
            Fragment planned = new Fragment(0, nodes, List.of(), List.of());
            fragment = FragmentCompiler.compile(
                    planned, new Plan("test", 1, List.of(planned), List.of(), List.of(), Map.of()), this);
            compiled = fragment;
        }
        return fragment;
    }

    /** What came out since the last call. */
    List<String> output() {
        List<String> taken = List.copyOf(out);
        out.clear();
        return taken;
    }

    // ---- TaskContext

    @Override
    public ShardState state() {
        return shard;
    }

    @Override
    public KeyCodec<Object> stateKeys(String store) {
        return JavaCodecs.KEYS;
    }

    @Override
    public ValueCodec<Object> stateValues() {
        return JavaCodecs.VALUES;
    }

    @Override
    public StreamTime streamTime(String nodeId) {
        return times.computeIfAbsent(nodeId, id -> new StreamTime());
    }

    @Override
    public long wallClockMs() {
        return wallClockMs;
    }

    @Override
    public Receiver exchange(String exchangeId) {
        throw new IllegalStateException("there is one fragment only");
    }

    @Override
    public Receiver sink(Node node) {
        return (key, value, timestampMs, from) -> {
            if (failingSink != null && failingSink.equals(value)) {
                throw new IllegalStateException("the sink refuses " + value);
            }
            out.add(key + "=" + value + "@" + timestampMs);
            lastHeaders = from.headers();
        };
    }

    @Override
    public void drop(
            Node node,
            DropReason reason,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext from) {
        drops.add(reason + " " + key + "=" + value + "@" + timestampMs);
    }

    @Override
    public void failed(
            Node node,
            Exception cause,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            RecordContext from)
            throws Exception {
        if (policy instanceof ErrorPolicy.Fail) {
            throw new IllegalStateException("operator " + node.id() + " failed on " + key, cause);
        }
        drop(node, DropReason.PROCESSING, key, value, timestampMs, from);
    }

    @Override
    public ErrorPolicy errorPolicy(Node node) {
        return policy;
    }

    @Override
    public boolean emitsEveryUpdate() {
        return everyUpdate;
    }
}
