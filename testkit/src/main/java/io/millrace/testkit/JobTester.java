package io.millrace.testkit;

import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.MemoryLogStorage;
import io.millrace.record.Header;
import io.millrace.store.MemoryBudget;
import io.millrace.streams.DropReason;
import io.millrace.streams.JobMetrics;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.operator.OperatorRows;
import io.millrace.streams.runtime.EpochHook.SimulatedCrash;
import io.millrace.streams.runtime.EpochPoint;
import io.millrace.streams.runtime.JobRuntime;
import io.millrace.streams.runtime.KryoStateTypes;
import io.millrace.streams.runtime.StateCodecs;
import io.millrace.streams.runtime.SteppedJob;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Runs a topology on the real runtime and the real log, in memory, on the calling thread and in manual time: the same input
 * and the same seed give the same bytes.
 *
 * <p>{@link #pipe} runs one record to the end of its epoch, so that every update shows; {@link #append} lays records into a
 * topic for {@link #drain} to process together. {@link #crashAt} lets the process die at a named point; {@link #recover}
 * starts it again on what is left. A failure of the job is thrown at the test by the call that ran into it. After each drain
 * the tester fails, naming the operator, if a user's function changed an object that belongs to committed state.
 */
public final class JobTester implements AutoCloseable {

    private final Topology topology;
    private final JobTesterOptions options;
    private final ManualClock clock;
    private final Random random;
    private final StateAudit audit = new StateAudit();
    private final CrashPlan crashes = new CrashPlan();
    private final KeptShardStores stores = new KeptShardStores();
    private final TesterTopics topics = new TesterTopics();
    private MemoryLogStorage storage = new MemoryLogStorage();
    private TesterNode node;
    private @Nullable SteppedJob job;

    private JobTester(Topology topology, JobTesterOptions options) {
        this.topology = audit.watch(topology);
        this.options = options;
        this.clock = new ManualClock(options.wallClockMs());
        this.random = new Random(options.seed());
        this.node = newNode();
    }

    /** One partition per topic, one lane, every update. */
    public static JobTester of(Topology topology) {
        return of(topology, JobTesterOptions.DEFAULT);
    }

    /** Starts the job. Its input topics exist afterwards. */
    public static JobTester of(Topology topology, JobTesterOptions options) {
        JobTester tester = new JobTester(topology, options);
        tester.topics.createInputs(tester.node, topology.topics(), options.partitions());
        tester.startJob();
        return tester;
    }

    // ---- input

    /** Gives the job one record and runs until its epoch is committed. */
    public <K, V> JobTester pipe(Topic<K, V> topic, @Nullable K key, @Nullable V value, long timestampMs) {
        return pipe(topic, key, value, timestampMs, Header.NONE);
    }

    public <K, V> JobTester pipe(
            Topic<K, V> topic, @Nullable K key, @Nullable V value, long timestampMs, Header... headers) {
        append(topic, key, value, timestampMs, headers);
        return drain();
    }

    /** Lays a record into the partition of its key; nothing is processed. */
    public <K, V> JobTester append(
            Topic<K, V> topic, @Nullable K key, @Nullable V value, long timestampMs, Header... headers) {
        requireAlive();
        byte[] keyBytes = key == null ? null : topic.keys().encode(key);
        return appendTo(topics.partitionOf(node, topic, keyBytes), topic, keyBytes, value, timestampMs, headers);
    }

    /** Lays a record into a partition of the test's choice; nothing is processed. */
    public <K, V> JobTester appendTo(
            int partition,
            Topic<K, V> topic,
            byte @Nullable [] key,
            @Nullable V value,
            long timestampMs,
            Header... headers) {
        requireAlive();
        byte[] valueBytes = value == null ? null : topic.values().encode(value);
        topics.append(node, new TopicPartition(topic.name(), partition), key, valueBytes, timestampMs, headers);
        return this;
    }

    /** Runs until everything that stands in the inputs is processed and committed, or the process has crashed. */
    public JobTester drain() {
        step(running -> running.drain());
        return this;
    }

    /** Lets wall-clock time pass, does what becomes due on the way, and commits it. */
    public JobTester advanceWallClock(Duration by) {
        step(running -> {
            node.scheduler.runFor(by);
            running.drain();
        });
        return this;
    }

    // ---- output

    /** What was committed to the topic since the last call, partition by partition. Only while the process lives. */
    public <K, V> List<OutputRecord<K, V>> read(Topic<K, V> topic) {
        requireAlive();
        return topics.read(node, topic);
    }

    /** As {@link #read}, each record as {@code key=value@timestamp}. */
    public <K, V> List<String> readText(Topic<K, V> topic) {
        return read(topic).stream().map(OutputRecord::text).toList();
    }

    /**
     * The rows of the table that an operator keeps, over all shards; keys are {@code Windowed} behind a windowed aggregate.
     *
     * @throws IllegalArgumentException if the operator keeps no table
     */
    public Map<Object, Object> table(String operator) {
        return ask((rows, into) -> rows.table(topology.node(operator), (key, value) -> into.put(key, value) == null));
    }

    /** The entries of a processor's store, over all shards. */
    public Map<Object, Object> store(String processor, String store) {
        return ask((rows, into) ->
                rows.store(topology.node(processor), store, (key, value) -> into.put(key, value) == null));
    }

    /** Records left out in this life of the process, by operator and reason; those of failed epochs included. */
    public Map<String, Map<DropReason, Long>> drops() {
        return metrics().drops();
    }

    public JobMetrics metrics() {
        return running().metrics();
    }

    /** Wall-clock time in ms. */
    public long wallClockMs() {
        return clock.wallMs();
    }

    // ---- crashes

    /** The process will die when this point is next reached. */
    public JobTester crashAt(EpochPoint point) {
        return crashAt(point, 1);
    }

    /** The process will die when this point is reached for the {@code time}th time from now, counted from 1. */
    public JobTester crashAt(EpochPoint point, int time) {
        crashes.arm(point, time);
        return this;
    }

    /** The process dies now, between two steps. */
    public JobTester crash() {
        requireAlive();
        crashed();
        return this;
    }

    /** Whether the process has died and has not been started again. */
    public boolean hasCrashed() {
        return crashes.hasCrashed();
    }

    /** How often a point of an epoch has been reached since the tester was made. */
    public int timesReached(EpochPoint point) {
        return crashes.count(point);
    }

    /** Starts the process again on what the crash has left. The job runs when this returns, or has crashed once more. */
    public JobTester recover(Crash crash) {
        if (!crashes.hasCrashed()) {
            throw new IllegalStateException("nothing has crashed; arm a crash and run, or call crash()");
        }
        if (crash == Crash.POWER_CUT) {
            storage = storage.crash(random.nextLong());
        } else {
            storage.close();
        }
        stores.crashed(random);
        crashes.recovered();
        node = newNode();
        startJob();
        return this;
    }

    /** The disk that holds the state is lost while the process is down; the log is not. */
    public JobTester loseState() {
        if (!crashes.hasCrashed()) {
            throw new IllegalStateException("the process runs; crash it first");
        }
        stores.lose();
        return this;
    }

    // ---- the end

    /** Stops the job and the node cleanly. */
    @Override
    public void close() {
        SteppedJob ending = job;
        if (ending != null && !crashes.hasCrashed()) {
            if (!ending.state().isFinal()) {
                ending.stop();
            }
            audit.checkAll(null);
            node.client.close();
            node.node.close();
        }
        job = null;
    }

    // ---- inside

    private interface Run {
        void on(SteppedJob running);
    }

    private interface Look {
        void at(OperatorRows rows, Map<Object, Object> into) throws Exception;
    }

    private Map<Object, Object> ask(Look look) {
        StateCodecs codecs = audit.codecs();
        Map<Object, Object> found = new LinkedHashMap<>();
        for (int shard = 0; shard < shardCount(); shard++) {
            Pending<Object> answer = running()
                    .runtime()
                    .ask(
                            shard,
                            state -> {
                                try {
                                    look.at(new OperatorRows(state, codecs.keys(), codecs.values()), found);
                                } catch (Exception e) {
                                    throw new IllegalStateException(e.getMessage(), e);
                                }
                                return found;
                            },
                            Signal.NONE);
            node.scheduler.runUntil(answer::isDone);
            answer.value();
        }
        return found;
    }

    private int shardCount() {
        return topics.partitionCount(node, topology.job() + "-changelog");
    }

    private void step(Run run) {
        requireAlive();
        SteppedJob running = running();
        try {
            run.on(running);
        } catch (SimulatedCrash died) {
            crashed();
            return;
        }
        audit.check();
        requireRunning(running);
    }

    private void crashed() {
        stores.crashing();
        crashes.crashNow();
        running().abandon();
        job = null;
    }

    private SteppedJob running() {
        SteppedJob running = job;
        if (running == null) {
            throw new IllegalStateException(
                    hasCrashed() ? "the process has crashed; call recover()" : "the tester is closed");
        }
        return running;
    }

    private void requireAlive() {
        running();
    }

    private static void requireRunning(SteppedJob running) {
        if (running.state() == JobState.FAILED) {
            throw new JobFailedException(
                    "the job has failed: " + running.metrics().failure(),
                    running.runtime().fault());
        }
    }

    private TesterNode newNode() {
        return new TesterNode(storage, clock, random, options.drawsOrder());
    }

    private void startJob() {
        JobRuntime.Ports ports = new JobRuntime.Ports(
                node.node::newClient,
                stores,
                () -> audit.watch(new KryoStateTypes(Thread.currentThread().getContextClassLoader(), topology.types())),
                MemoryBudget.unbounded(),
                clock,
                crashes);
        SteppedJob starting = new SteppedJob(topology, options.job(), ports, node.scheduler);
        job = starting;
        try {
            starting.start();
        } catch (SimulatedCrash died) {
            crashed();
            return;
        }
        requireRunning(starting);
    }

    /** Makes a topic, for jobs that read topics by pattern: call it before the first record. */
    public JobTester createTopic(String name, int partitions) {
        requireAlive();
        node.await(node.client.createTopic(new NewTopic(name, partitions)));
        return this;
    }

    /** The options of the job under test. */
    public JobOptions jobOptions() {
        return options.job();
    }
}
