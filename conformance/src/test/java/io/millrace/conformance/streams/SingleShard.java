package io.millrace.conformance.streams;

import io.millrace.store.HeapShardState;
import io.millrace.store.KeyCodec;
import io.millrace.store.ShardState;
import io.millrace.store.StorePosition;
import io.millrace.store.ValueCodec;
import io.millrace.store.memory.MemoryBackingStore;
import io.millrace.streams.DropReason;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.codec.KryoValueCodec;
import io.millrace.streams.codec.StateKeyCodec;
import io.millrace.streams.codec.TypeRegistry;
import io.millrace.streams.operator.CompiledFragment;
import io.millrace.streams.operator.FragmentCompiler;
import io.millrace.streams.operator.Receiver;
import io.millrace.streams.operator.RecordContext;
import io.millrace.streams.operator.StatefulOperator;
import io.millrace.streams.operator.StreamTime;
import io.millrace.streams.operator.TaskContext;
import io.millrace.streams.plan.Exchange;
import io.millrace.streams.plan.Fragment;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.TopicSelection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * All fragments of a plan in one shard, driven by hand. After each record the exchanges are drained, the smallest timestamp
 * first, as Kafka's test driver does it.
 */
final class SingleShard implements OurSide {

    /** One record in so many ends an epoch. */
    private static final int COMMITS_ONE_IN = 10;

    private record Waiting(Object key, Object value, long timestampMs) {}

    private final TypeRegistry types = new TypeRegistry(getClass().getClassLoader(), Set.of());
    private final StateKeyCodec keys = new StateKeyCodec(types);
    private final KryoValueCodec values = new KryoValueCodec(types);
    private final HeapShardState state = new HeapShardState(new MemoryBackingStore());
    private final RecordContext context = new RecordContext();
    private final Map<String, Receiver> inputs = new HashMap<>();
    private final Map<String, Receiver> entrances = new HashMap<>();
    private final Map<String, Queue<Waiting>> exchanges = new LinkedHashMap<>();
    private final List<StatefulOperator> stateful = new ArrayList<>();
    private final List<Row> output = new ArrayList<>();
    private final Random random;
    private long offset;
    private long commits;

    SingleShard(Plan plan, Random random) {
        this.random = random;
        for (Exchange exchange : plan.exchanges()) {
            exchanges.put(exchange.id(), new ArrayDeque<>());
        }
        for (Fragment fragment : plan.fragments()) {
            CompiledFragment compiled = FragmentCompiler.compile(fragment, plan, new Task());
            stateful.addAll(compiled.stateful());
            fragment.exchangesIn().forEach(id -> entrances.put(id, compiled.exchangeInput(id)));
            for (Node node : fragment.nodes()) {
                if (node.operation() instanceof Operation.ReadTopic read) {
                    inputs.put(((TopicSelection.Named) read.topics()).topics().get(0), compiled.input(node.id()));
                } else if (node.operation() instanceof Operation.ReadTable read) {
                    inputs.put(read.topic(), compiled.input(node.id()));
                }
            }
        }
    }

    @Override
    public void pipe(Row row) throws Exception {
        context.set(row.topic(), 0, offset++, List.of());
        inputs.get(row.topic()).accept(row.key(), row.value(), row.timestampMs(), context);
        for (String next = next(); next != null; next = next()) {
            Waiting waiting = exchanges.get(next).remove();
            entrances.get(next).accept(waiting.key, waiting.value, waiting.timestampMs, context);
        }
        if (random.nextInt(COMMITS_ONE_IN) == 0) {
            commit();
        }
    }

    private void commit() throws Exception {
        for (StatefulOperator operator : stateful) {
            operator.barrier(context);
        }
        state.freeze();
        commits++;
        state.commit(new StorePosition(new UUID(0, 1), commits, 0, commits));
    }

    @Override
    public List<Row> output() {
        return output;
    }

    @Override
    public String toString() {
        return "operators in one shard, " + commits + " commits";
    }

    @Override
    public void close() {}

    private String next() {
        String next = null;
        for (Map.Entry<String, Queue<Waiting>> exchange : exchanges.entrySet()) {
            Waiting head = exchange.getValue().peek();
            if (head != null
                    && (next == null || head.timestampMs < exchanges.get(next).element().timestampMs)) {
                next = exchange.getKey();
            }
        }
        return next;
    }

    /** All fragments share the shard's state; stream times are by node, so that one map holds those of all. */
    private final class Task implements TaskContext {

        private final Map<String, StreamTime> times = new HashMap<>();

        @Override
        public ShardState state() {
            return state;
        }

        @Override
        public KeyCodec<Object> stateKeys(String store) {
            return keys;
        }

        @Override
        public ValueCodec<Object> stateValues() {
            return values;
        }

        @Override
        public StreamTime streamTime(String nodeId) {
            return times.computeIfAbsent(nodeId, id -> new StreamTime());
        }

        @Override
        public long wallClockMs() {
            return 0;
        }

        @Override
        public Receiver exchange(String exchangeId) {
            return (key, value, timestampMs, from) ->
                    exchanges.get(exchangeId).add(new Waiting(key, value, timestampMs));
        }

        @Override
        public Receiver sink(Node node) {
            Operation.WriteTopic write = (Operation.WriteTopic) node.operation();
            return (key, value, timestampMs, from) -> {
                String topic = write.chooser() == null
                        ? write.topic()
                        : write.chooser().apply(key, value);
                output.add(new Row(topic, (String) key, (String) value, timestampMs));
            };
        }

        @Override
        public void drop(
                Node node, DropReason reason, Object key, Object value, long timestampMs, RecordContext from) {}

        @Override
        public void failed(Node node, Exception cause, Object key, Object value, long timestampMs, RecordContext from) {
            throw new IllegalStateException(node.id() + " failed on " + key + "=" + value, cause);
        }

        @Override
        public ErrorPolicy errorPolicy(Node node) {
            return ErrorPolicy.fail();
        }

        @Override
        public boolean emitsEveryUpdate() {
            return true;
        }
    }
}
