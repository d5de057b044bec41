package io.millrace.streams.runtime;

import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.store.BackingStore;
import io.millrace.store.HeapShardState;
import io.millrace.store.MemoryBudget;
import io.millrace.store.WriteBackSettings;
import io.millrace.store.memory.MemoryBackingStore;
import io.millrace.streams.operator.CompiledFragment;
import io.millrace.streams.operator.FragmentCompiler;
import io.millrace.streams.operator.Receiver;
import io.millrace.streams.plan.Exchange;
import io.millrace.streams.plan.Fragment;
import io.millrace.streams.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Builds a lane for one attempt, on the lane's own thread: opens the shards and compiles their fragments. */
final class LaneBuilder {

    private final DropCounters drops;
    private final BatchPool pool;
    private final Signal signal;
    private final Pipeline<StoreAgent.Order> storeRing;
    private final WriteBackSettings writeBack;
    private final MemoryBudget memory;

    LaneBuilder(
            DropCounters drops,
            BatchPool pool,
            Signal signal,
            Pipeline<StoreAgent.Order> storeRing,
            WriteBackSettings writeBack,
            MemoryBudget memory) {
        this.drops = drops;
        this.pool = pool;
        this.signal = signal;
        this.storeRing = storeRing;
        this.writeBack = writeBack;
        this.memory = memory;
    }

    Lane build(LaneAssignment assignment, LaneOutlet outlet) {
        Plan plan = assignment.plan();
        LaneContext.LaneClock clock = new LaneContext.LaneClock();
        LaneOutputs outputs = new LaneOutputs(
                pool,
                assignment.options().batchBytes(),
                (topic, sink) ->
                        outlet.send(new LaneEvent.TopicWanted(assignment.attempt(), assignment.lane(), topic, sink)));
        assignment.topics().forEach(outputs::add);
        if (assignment.changelog() != null) {
            outputs.changelog(assignment.changelog());
        }
        Exchanges exchanges = new Exchanges(
                assignment.lane(),
                assignment.laneCount(),
                plan.exchanges().stream().mapToInt(Exchange::fromFragment).toArray(),
                assignment.rings(),
                signal);
        LaneContext.Shared shared = new LaneContext.Shared(
                assignment,
                exchanges,
                outputs,
                drops,
                clock,
                assignment.types().newCodecs(),
                assignment.types().keyClasses());
        int fragments = plan.fragments().size();
        boolean[][] reads = reads(assignment);
        @Nullable LaneTask[][] tasks = new LaneTask[fragments][plan.shardCount()];
        @Nullable LaneContext[][] contexts = new LaneContext[fragments][plan.shardCount()];
        Map<Integer, ShardKeeper> shards = new TreeMap<>();
        for (int shard = assignment.lane(); shard < plan.shardCount(); shard += assignment.laneCount()) {
            ShardKeeper keeper = open(shard, assignment, shared.codecs());
            shards.put(shard, keeper);
            for (Fragment fragment : plan.fragments()) {
                LaneTask task = new LaneTask(fragment.index(), shard);
                LaneContext context = new LaneContext(shared, task, keeper.state);
                wire(task, fragment, context, assignment);
                if (FeedGroups.meet(plan, fragment.index(), anyOf(reads[fragment.index()]))) {
                    task.held = held(plan, fragment.index());
                }
                keeper.tasks.add(task);
                tasks[fragment.index()][shard] = task;
                contexts[fragment.index()][shard] = context;
            }
            keeper.leave(assignment.leftStores());
        }
        LaneTasks running = new LaneTasks(plan, tasks, contexts, exchanges, reads);
        return new Lane(assignment, outlet, clock, outputs, running, shards, storeRing, memory);
    }

    private ShardKeeper open(int shard, LaneAssignment assignment, StateCodecs codecs) {
        if (assignment.changelog() == null) {
            return new ShardKeeper(shard, new HeapShardState(new MemoryBackingStore()), null, writeBack, codecs);
        }
        BackingStore backing = assignment.stores().open(shard);
        return new ShardKeeper(shard, new HeapShardState(backing, memory), backing, writeBack, codecs);
    }

    private static void wire(LaneTask task, Fragment fragment, LaneContext context, LaneAssignment assignment) {
        Plan plan = assignment.plan();
        CompiledFragment compiled = FragmentCompiler.compile(fragment, plan, context);
        List<TaskInput> inputs = new ArrayList<>();
        List<Receiver> receivers = new ArrayList<>();
        for (TaskInput input : assignment.inputs()) {
            if (input.fragment() == task.fragment && input.shard() == task.shard) {
                inputs.add(input);
                receivers.add(compiled.input(input.source().id()));
            }
        }
        task.inputs = List.copyOf(inputs);
        task.inputReceivers = receivers.toArray(Receiver[]::new);
        task.exchangeReceivers = new Receiver[plan.exchanges().size()];
        for (int i = 0; i < plan.exchanges().size(); i++) {
            Exchange exchange = plan.exchanges().get(i);
            if (exchange.toFragment() == fragment.index()) {
                task.exchangeReceivers[i] = compiled.exchangeInput(exchange.id());
            }
        }
        task.operators(compiled.stateful());
    }

    private static HeldRecords held(Plan plan, int fragment) {
        List<Integer> exchanges = IntStream.range(0, plan.exchanges().size())
                .filter(exchange -> plan.exchanges().get(exchange).toFragment() == fragment)
                .boxed()
                .toList();
        return new HeldRecords(exchanges, plan.exchanges().size(), plan.shardCount());
    }

    private static boolean anyOf(boolean[] ofShards) {
        for (boolean isTrue : ofShards) {
            if (isTrue) {
                return true;
            }
        }
        return false;
    }

    private static boolean[][] reads(LaneAssignment assignment) {
        Plan plan = assignment.plan();
        boolean[][] reads = new boolean[plan.fragments().size()][plan.shardCount()];
        for (TaskInput input : assignment.inputs()) {
            reads[input.fragment()][input.shard()] = true;
        }
        return reads;
    }
}
