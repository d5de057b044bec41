package io.millrace.streams;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogClient;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Clock;
import io.millrace.kernel.FaultHandler;
import io.millrace.kernel.Signal;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.node.NodeService;
import io.millrace.store.MemoryBudget;
import io.millrace.store.rocks.RocksEnvironment;
import io.millrace.store.rocks.RocksSettings;
import io.millrace.streams.runtime.EpochHook;
import io.millrace.streams.runtime.JobReset;
import io.millrace.streams.runtime.JobRuntime;
import io.millrace.streams.runtime.JobThreads;
import io.millrace.streams.runtime.KryoStateTypes;
import io.millrace.streams.runtime.OutputTopic;
import io.millrace.streams.runtime.RocksShardStores;
import io.millrace.streams.runtime.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Millrace in this process: a log node in a directory, and jobs on it.
 *
 * <pre>{@code
 * try (Millrace millrace = Millrace.open(Path.of("data"))) {
 *     Job job = millrace.start(topology);
 *     job.awaitEnd();
 * }
 * }</pre>
 *
 * <p>All its threads are daemons: a program that shall run on waits for something, such as {@link Job#awaitEnd()}.
 *
 * <p>One process at a time owns a directory. Open, start and close from one thread; jobs may be used from any.
 */
public final class Millrace implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Millrace.class);
    /** How long {@link #reset} may take. */
    public static final Duration RESET_MAX = Duration.ofSeconds(60);

    private static final long STATE_HEAP_BYTES_MAX = Runtime.getRuntime().maxMemory() / 2;
    private static final long STATE_PINNED_BYTES_MAX = Runtime.getRuntime().maxMemory() / 4;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final String LOG_DIRECTORY = "log";

    private final Path directory;
    private final LogNode node;
    private final Clock clock;
    private final FaultHandler faults;
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    private final List<Job> jobs = new CopyOnWriteArrayList<>();
    private final Thread shutdownHook;
    private final MemoryBudget memory = new MemoryBudget(STATE_HEAP_BYTES_MAX, STATE_PINNED_BYTES_MAX);
    private final List<NodeService.Served> listeners = new CopyOnWriteArrayList<>();
    private final List<NodeService.Served> admins = new CopyOnWriteArrayList<>();
    private Optional<RocksEnvironment> rocks = Optional.empty();
    private boolean closed;

    private Millrace(Path directory, NodeConfig config) {
        this.directory = directory;
        this.clock = SystemClock.INSTANCE;
        this.faults = (agent, cause) -> LOG.error("agent={} has stopped", agent.name(), cause);
        this.node = LogNode.open(directory.resolve(LOG_DIRECTORY), config, clock)
                .start((agent, cause) -> {
                    fault.compareAndSet(null, cause);
                    faults.onFault(agent, cause);
                });
        this.shutdownHook = new Thread(this::closeJobsAndNode, "millrace-shutdown");
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /**
     * Opens a directory, or makes one, and starts its log.
     *
     * @throws RuntimeException if another process uses the directory, or its disk fails; the message says which and what to do
     */
    public static Millrace open(Path directory) {
        return open(directory, NodeConfig.DEFAULT);
    }

    /** As {@link #open(Path)}, with the log's configuration. */
    public static Millrace open(Path directory, NodeConfig config) {
        Millrace opened = new Millrace(directory, config);
        String address = System.getProperty(Listening.PROPERTY);
        String admin = System.getProperty(Listening.ADMIN_PROPERTY);
        try {
            if (admin != null) {
                opened.admin(admin);
            }
            if (address != null) {
                opened.listen(address, Boolean.getBoolean(Listening.INSECURE_PROPERTY));
            }
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    /**
     * Serves this process's log to Kafka clients, so that they can watch its jobs and write what these read. Needs
     * {@code millrace-broker} on the class path. The system property {@code millrace.listen} does the same from outside.
     *
     * @param address {@code host:port} of the loopback interface; port 0 takes a free one
     * @return the address as clients are told
     * @throws MillraceException if nothing can listen there, or other machines would reach it
     */
    public String listen(String address) {
        return listen(address, false);
    }

    private String listen(String address, boolean insecure) {
        NodeService.Served served = Listening.open(node, address, insecure);
        listeners.add(served);
        LOG.info("directory={} is served to Kafka clients at {}", directory, served.address());
        return served.address();
    }

    /**
     * Answers {@code /metrics}, {@code /health/live} and {@code /health/ready} over HTTP: of the log, its listeners and the jobs.
     * Needs {@code millrace-server} on the class path. The system property {@code millrace.admin} does the same from outside.
     *
     * @param address {@code host:port} of the loopback interface; port 0 takes a free one
     * @return the address it has
     * @throws MillraceException if nothing can listen there, or other machines would reach it
     */
    public String admin(String address) {
        NodeService.Served served = Listening.admin(this, address);
        admins.add(served);
        LOG.info("directory={} health and metrics are at http://{}/metrics", directory, served.address());
        return served.address();
    }

    /** Starts a job with the default options. */
    public Job start(Topology topology) {
        return start(topology, JobOptions.DEFAULT);
    }

    /**
     * Starts a job; returns at once. It belongs to this object and is closed with it, if not before.
     *
     * @throws MillraceException if a job of this name runs here already, or this object has been closed
     */
    public Job start(Topology topology, JobOptions options) {
        if (closed) {
            throw new MillraceException("job " + topology.job() + " cannot start: this Millrace has been closed");
        }
        for (Job other : jobs) {
            if (other.name().equals(topology.job()) && !other.state().isFinal()) {
                throw new MillraceException("job " + topology.job() + " is " + other.state()
                        + " in this process already: close it first, or give the other job another name");
            }
        }
        if (rocks.isEmpty()) {
            rocks = Optional.of(new RocksEnvironment(RocksSettings.defaults()));
        }
        ClassLoader loader = Optional.ofNullable(Thread.currentThread().getContextClassLoader())
                .orElse(Millrace.class.getClassLoader());
        JobRuntime.Ports ports = new JobRuntime.Ports(
                node::newClient,
                new RocksShardStores(stateDirectory(topology.job()), rocks.get()),
                () -> new KryoStateTypes(loader, topology.types()),
                memory,
                clock,
                EpochHook.NONE);
        int cores = Runtime.getRuntime().availableProcessors();
        Job job = new Job(new JobThreads(topology, options, ports, cores, clock, faults), clock);
        jobs.add(job);
        return job.start();
    }

    /**
     * Puts a job back, state included; it must not be running. Waits for that.
     *
     * @param sources whether foreign sources stay where they are or are read, and what comes of them written, once more
     * @return where the job will begin, by partition
     * @throws IllegalArgumentException if there can be no job of that name
     * @throws MillraceException if it is refused, for instance because the job runs, or takes longer than {@link #RESET_MAX}
     */
    public Map<TopicPartition, Long> reset(String job, JobReset.Target target, JobReset.Sources sources)
            throws InterruptedException {
        StateDirectory state = StateDirectory.of(directory, job);
        Waiter waiter = new Waiter();
        try (LogClient client = node.newClient(waiter)) {
            JobReset reset = new JobReset(client, job, target, sources);
            boolean isDone = waiter.await(
                    () -> {
                        reset.step();
                        return reset.isDone();
                    },
                    RESET_MAX,
                    clock);
            if (!isDone) {
                throw new MillraceException("the reset of job " + job + " was not done within " + RESET_MAX);
            }
            deleteState(state);
            return reset.positions();
        } catch (LogException e) {
            throw new MillraceException(
                    "job " + job + " cannot be reset"
                            + (e.error() == ErrorCode.NON_EMPTY_GROUP ? " while it runs: stop it first" : "") + " ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    /** What is left of a state whose changelog is gone. */
    private static void deleteState(StateDirectory state) {
        try {
            state.delete();
        } catch (IOException e) {
            throw new MillraceException(
                    "the job has been reset, but " + state.path() + " cannot be deleted; delete it by hand", e);
        }
    }

    /** Where a job keeps the fast copy of its state. Deleting it, while the job does not run, costs a longer start only. */
    public Path stateDirectory(String job) {
        return StateDirectory.of(directory, job).path();
    }

    /** A door to the log, to be used by the calling thread alone; close it. */
    public LogClient client() {
        return node.newClient(Signal.NONE);
    }

    /** As {@link #client()}; the signal is raised when an answer or a record has come. */
    public LogClient client(Signal signal) {
        return node.newClient(signal);
    }

    /**
     * Reads what is committed in a topic, from its start; for the calling thread alone. Close it.
     *
     * @throws MillraceException if there is no such topic
     */
    public <K, V> TopicReader<K, V> read(Topic<K, V> topic) {
        Waiter waiter = new Waiter();
        LogClient client = client(waiter);
        try {
            TopicDescription found =
                    await(client.describeTopic(topic.name()), waiter, "topic " + topic + " cannot be read");
            return TopicReader.owning(client, topic, found.partitionCount(), waiter, clock);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /**
     * Writes records to a topic that is there; for the calling thread alone. Close it. A job creates the topics that it reads:
     * wait for {@link Job#awaitRunning}, or create the topic with {@link LogClient#createTopic}.
     *
     * @throws MillraceException if there is no such topic, it belongs to the log, or this object is closed
     */
    public <K, V> TopicWriter<K, V> write(Topic<K, V> topic) {
        Waiter waiter = new Waiter();
        LogClient client = client(waiter);
        String failure = "topic " + topic + " cannot be written";
        try {
            TopicDescription found = await(client.describeTopic(topic.name()), waiter, failure);
            if (found.internal()) {
                throw new MillraceException(failure + ": it belongs to the log");
            }
            Producer producer = client.openProducer(ProducerOptions.idempotent());
            await(producer.ready(), waiter, failure);
            return new TopicWriter<>(client, producer, topic, OutputTopic.of(found), waiter, clock);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private <T> T await(Pending<T> answer, Waiter waiter, String failure) {
        try {
            if (!waiter.await(answer::isDone, ANSWER_MAX, clock)) {
                throw new MillraceException(failure + ": the log did not answer within " + ANSWER_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillraceException(failure + ": interrupted while the log had not answered", e);
        }
        if (answer.isFailed()) {
            throw new MillraceException(failure + ": " + answer.message());
        }
        return answer.value();
    }

    /** The log itself. */
    public LogNode node() {
        return node;
    }

    /** Where the log is served to Kafka clients. */
    public List<NodeService.Served> listeners() {
        return new ArrayList<>(listeners);
    }

    /** Why an agent of the log has stopped, if one has; nothing can be written or read any more then. */
    public Optional<Throwable> fault() {
        return Optional.ofNullable(fault.get());
    }

    /** The jobs that were started here. */
    public List<Job> jobs() {
        return new ArrayList<>(jobs);
    }

    /** Closes the jobs, which commit what they have read, then the log. Also done when the process is asked to end. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending: its hook closes the node");
            return;
        }
        closeJobsAndNode();
    }

    private void closeJobsAndNode() {
        jobs.forEach(Job::close);
        admins.forEach(NodeService.Served::close);
        listeners.forEach(NodeService.Served::close);
        // A thread that is still in user code may come back and look into its state.
        if (jobs.stream().allMatch(Job::isGone)) {
            rocks.ifPresent(RocksEnvironment::close);
        }
        node.close();
    }
}
