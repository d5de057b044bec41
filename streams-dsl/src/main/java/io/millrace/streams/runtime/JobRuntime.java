package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Agent;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.store.MemoryBudget;
import io.millrace.store.ShardState;
import io.millrace.store.WriteBackSettings;
import io.millrace.streams.JobMetrics;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.JobStateListener;
import io.millrace.streams.Topology;
import io.millrace.streams.plan.LaneLayout;
import io.millrace.streams.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The agents of one job and the rings between them, without any thread: production gives each agent one, a test steps them
 * all itself.
 *
 * <pre>
 *   users ─▶ io ──frames──▶ lane-n: process → encode ──batches──▶ io ──▶ log
 *                              │ ▲
 *                       slices ▼ │ confirmations
 *                              store
 * </pre>
 */
public final class JobRuntime {

    /**
     * Where a job runs.
     *
     * @param clients opens a log client for one attempt; the signal wakes the I/O agent
     * @param stores of the job's shards
     * @param types makes the empty type registry of one attempt
     * @param memory for state, shared with the other jobs of the process
     * @param clock of all agents
     * @param hook told at each named point of an epoch
     */
    public record Ports(
            Function<Signal, LogClient> clients,
            ShardStores stores,
            Supplier<StateTypes> types,
            MemoryBudget memory,
            Clock clock,
            EpochHook hook) {}

    /** Whom to wake: the driver of each agent. */
    public record Signals(Signal io, List<Signal> lanes, Signal store) {

        public Signals {
            lanes = List.copyOf(lanes);
        }

        /** Nobody needs to be woken: all agents are stepped anyway. */
        public static Signals none(int laneCount) {
            return new Signals(Signal.NONE, java.util.Collections.nCopies(laneCount, Signal.NONE), Signal.NONE);
        }
    }

    private final Topology topology;
    private final JobAgent io;
    private final List<LaneAgent> lanes = new ArrayList<>();
    private final StoreAgent store;
    private final Pipeline<JobCommand> commands;
    private final JobStatusBoard board;

    /**
     * @param signals one lane for each signal
     * @param stacks of the lanes' threads, innermost call first; empty where a lane has none of its own
     */
    public JobRuntime(
            Topology topology,
            JobOptions options,
            Ports ports,
            Signals signals,
            IntFunction<List<StackTraceElement>> stacks) {
        requireTimeToCommit(options);
        this.topology = topology;
        JobAgent.Rings rings = new JobAgent.Rings(signals.io());
        AtomicLong abandoned = new AtomicLong();
        WriteBackSettings writeBack = writeBack(options);
        SyncedCommits commits = new SyncedCommits(
                signals.io(), signals.store(), () -> ports.hook().reached(EpochPoint.LOG_SYNCED, 0));
        store = new StoreAgent(
                "store-" + topology.job(), ports.clock(), writeBack, commits, abandoned, signals.store(), ports.hook());
        List<LanePort> lanePorts = new ArrayList<>();
        List<BatchPool> pools = new ArrayList<>();
        List<LaneGauges> gauges = new ArrayList<>();
        List<DropCounters> drops = new ArrayList<>();
        for (int lane = 0; lane < signals.lanes().size(); lane++) {
            Signal signal = signals.lanes().get(lane);
            BatchPool pool = new BatchPool();
            DropCounters counters = new DropCounters();
            LaneOutlet outlet = new LaneOutlet(lane, rings.events, signal);
            LaneAgent agent = new LaneAgent(
                    lane,
                    "lane-" + lane + "-" + topology.job(),
                    ports.clock(),
                    outlet,
                    new LaneBuilder(counters, pool, signal, store.ring(), writeBack, ports.memory()),
                    abandoned,
                    signal);
            lanes.add(agent);
            pools.add(pool);
            gauges.add(agent.gauges());
            drops.add(counters);
            lanePorts.add(new LanePort(lane, agent.pipeline(), agent.topics(), options.frameRecords(), signals.io()));
        }
        store.confirmTo(lanes.stream().map(LaneAgent::confirmations).toList());
        List<Pipeline<?>> pipelines = new ArrayList<>();
        lanes.forEach(lane -> pipelines.add(lane.pipeline()));
        board = new JobStatusBoard(topology.job(), gauges, drops, pipelines);
        Attempt.Surroundings around = new Attempt.Surroundings(
                topology,
                options,
                lanePorts,
                pools,
                gauges,
                new LaneWatch(gauges, stacks),
                new LaneWiring(topology.policies(), options, signals.lanes()),
                ports.stores(),
                commits,
                ports.memory(),
                signals.io(),
                ports.hook());
        io = new JobAgent(
                "io-" + topology.job(),
                around,
                () -> ports.clients().apply(signals.io()),
                ports.types(),
                ports.clock(),
                board,
                abandoned,
                store.ring(),
                rings);
        commands = rings.commands;
    }

    /** Options are set one by one, so what two of them say together is looked at here. */
    private static void requireTimeToCommit(JobOptions options) {
        long intervalMs = options.commitInterval().toMillis();
        long timeoutMs = options.transactionTimeout().toMillis();
        if (2 * intervalMs > timeoutMs) {
            throw new IllegalArgumentException("job options: with commit.interval.ms=" + intervalMs
                    + " an epoch may not be committed before its transaction ends by transaction.timeout.ms="
                    + timeoutMs
                    + "; make the timeout at least twice the interval");
        }
    }

    /** What has been written stays volatile for no longer than what is committed may stay unwritten. */
    private static WriteBackSettings writeBack(JobOptions options) {
        WriteBackSettings defaults = WriteBackSettings.defaults();
        long delayMs = options.stateWriteInterval().toMillis();
        return new WriteBackSettings(
                delayMs,
                defaults.pinnedBytesMax(),
                defaults.sliceBytes(),
                Math.max(1, Math.min(delayMs, defaults.flushIntervalMs())),
                defaults.flushBytes());
    }

    /** The name of the job. */
    public String job() {
        return topology.job();
    }

    public Topology topology() {
        return topology;
    }

    /** The agent that reads and commits. */
    public Agent ioAgent() {
        return io;
    }

    /** The agents that process, by lane. */
    public List<Agent> laneAgents() {
        return List.copyOf(lanes);
    }

    /** The agent that writes state below. */
    public Agent storeAgent() {
        return store;
    }

    /** Every agent. */
    public List<Agent> agents() {
        List<Agent> all = new ArrayList<>();
        all.add(io);
        all.addAll(lanes);
        all.add(store);
        return all;
    }

    // ---- what users ask; from any thread

    public void start() {
        send(new JobCommand.Start());
    }

    /** Commits what has been read, writes the state, and ends. */
    public void stop() {
        send(new JobCommand.Stop());
    }

    /** Ends at once, without what was not committed: a {@link #stop} has taken too long. */
    public void giveUp(String why) {
        send(new JobCommand.GiveUp(why));
    }

    /** Told by the driver that an agent broke and is not stepped any more: the job cannot go on without it, and fails. */
    public void stopped(Agent agent, Throwable cause) {
        if (agent != io) {
            send(new JobCommand.AgentStopped(lanes.indexOf(agent), "agent " + agent.name() + " has stopped: " + cause));
        }
    }

    /** Ends the epoch; answered when it is committed. */
    public Pending<Void> commit(Signal asker) {
        Pending<Void> answer = new Pending<>(asker);
        send(new JobCommand.Commit(answer));
        return answer;
    }

    /** Answered when everything that stands in the inputs has been read and committed. */
    public Pending<Void> drained(Signal asker) {
        Pending<Void> answer = new Pending<>(asker);
        send(new JobCommand.AwaitDrained(answer));
        return answer;
    }

    /** The committed value of a key in a store; answered with null if there is none. See {@code Job.store}. */
    public Pending<Object> query(Signal asker, String store, Object key, long windowStartMs) {
        return query(asker, store, key, windowStartMs, Map.of());
    }

    /** As {@link #query(Signal, String, Object, long)}, not before the effects of these records (offset by partition) are committed. */
    public Pending<Object> query(
            Signal asker, String store, Object key, long windowStartMs, Map<TopicPartition, Long> seeing) {
        Pending<Object> answer = new Pending<>(asker);
        send(new JobCommand.Query(store, key, windowStartMs, Map.copyOf(seeing), answer));
        return answer;
    }

    /**
     * Asks a shard's state, on its lane, between two frames.
     *
     * @param read must be quick, must not change anything, and must answer values that stay as they are
     */
    public Pending<Object> ask(int shard, Function<ShardState, Object> read, Signal asker) {
        Pending<Object> answer = new Pending<>(asker);
        send(new JobCommand.Look(shard, read, answer));
        return answer;
    }

    /** All committed state at one epoch. */
    public Pending<JobView> view(Signal asker) {
        return view(asker, Map.of());
    }

    /** As {@link #view(Signal)}, of an epoch that has the effects of these records (offset by partition). */
    public Pending<JobView> view(Signal asker, Map<TopicPartition, Long> seeing) {
        Pending<JobView> answer = new Pending<>(asker);
        send(new JobCommand.View(Map.copyOf(seeing), answer));
        return answer;
    }

    private void send(JobCommand command) {
        if (!commands.offer(command)) {
            command.refuse("job " + topology.job() + " has too many requests on their way");
            if (command instanceof JobCommand.Start
                    || command instanceof JobCommand.Stop
                    || command instanceof JobCommand.GiveUp
                    || command instanceof JobCommand.AgentStopped) {
                throw new io.millrace.client.LogException(
                        ErrorCode.UNKNOWN_SERVER_ERROR,
                        "job " + topology.job() + " has too many requests on their way");
            }
        }
    }

    /** The rings and stages of a job's lanes, for descriptions. */
    public static LaneLayout layout(int laneCount) {
        return new LaneLayout(laneCount, LaneAgent.PIPELINE_ITEMS, LaneAgent.STAGES, Exchanges.RING_FRAMES);
    }

    /** The plan that runs or ran last; before the first start the one for an empty node. */
    public Plan plan() {
        Plan known = board.plan();
        return known == null ? topology.plan() : known;
    }

    /** The plan with the lanes that run it. */
    public String describe() {
        return plan().describe(layout(lanes.size()));
    }

    public JobState state() {
        return board.state();
    }

    /** Why the last attempt failed, null if none did. */
    public @Nullable JobFault fault() {
        return board.fault();
    }

    public JobMetrics metrics() {
        return board.metrics();
    }

    /** Adds a listener; see {@link JobStateListener} for its thread. */
    public void listen(JobStateListener listener) {
        board.listen(listener);
    }
}
