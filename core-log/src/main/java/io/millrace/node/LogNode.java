package io.millrace.node;

import io.millrace.client.LogClient;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Agent;
import io.millrace.kernel.AgentRunner;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Doorbell;
import io.millrace.kernel.FaultHandler;
import io.millrace.kernel.IdleStrategy;
import io.millrace.kernel.Signal;
import io.millrace.log.DirectoryMarks;
import io.millrace.log.FileLogStorage;
import io.millrace.log.LogStorage;
import io.millrace.log.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log node in this process: one data directory, its partitions and coordinators, and the agents that own them.
 *
 * <p>Life: {@link #open} recovers the directory and returns; then either {@link #start} runs the agents on threads, or a
 * scheduler steps {@link #agents()}; {@link #newClient} opens doors; {@link #close} ends it. Opening and closing belong to one
 * thread; clients may be opened from any.
 */
public final class LogNode implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogNode.class);

    private final LogStorage storage;
    private final NodeConfig config;
    private final Metadata metadata;
    private final Clock clock;
    private final NodeIdentity identity;
    private final PartitionTable partitions;
    private final LogStarts logStarts;
    private final NodeCounters counters;
    private final DiskGuard disk;
    private final Troubles troubles = new Troubles();
    private final Doorbell doorbell;
    private final SyncPool syncs;
    private final LogAgent logAgent;
    private final Doorbell maintenanceDoorbell = new Doorbell();
    private final MaintenanceAgent maintenance;
    private final ScrubAgent scrub;
    private final int life;
    private final AtomicLong clients = new AtomicLong();
    private final List<AgentRunner> runners = new ArrayList<>();
    private volatile boolean faulted;
    private boolean closed;

    private LogNode(LogStorage storage, NodeConfig config, Clock clock) {
        this.storage = storage;
        this.config = config;
        this.clock = clock;
        this.identity = NodeIdentity.openOrCreate(storage, config);
        this.partitions = new PartitionTable();
        this.counters = new NodeCounters();
        this.doorbell = new Doorbell();
        this.syncs = new SyncPool(config.syncThreads(), doorbell);
        long roundMs = config.maintenanceInterval().toMillis();
        this.disk = new DiskGuard(storage, config.disk(), roundMs);
        disk.prepare();
        NodeStart start = new NodeStart(storage, config, clock.wallMs());
        DeletedDirectories deleted = new DeletedDirectories(storage, config.ids());
        this.logStarts = new LogStarts(storage);
        this.metadata = new Metadata(storage, start.metadata());
        Topics topics = new Topics(storage, config, partitions, deleted, logStarts, metadata);
        start.openPartitions(topics, partitions);
        Transactions transactions = new Transactions(config.transactions(), partitions);
        LiveSettings settings = new LiveSettings(metadata, config.nodeId());
        Groups groups = new Groups(config.groups(), config.ids(), partitions, settings);
        new CoordinatorLoader().load(partitions, transactions, groups);
        BackgroundSyncs backgroundSyncs = new BackgroundSyncs(syncs);
        LogOwner owner = new LogOwner(
                storage,
                partitions,
                topics,
                transactions,
                groups,
                backgroundSyncs,
                counters,
                disk,
                troubles,
                clock.wallMs());
        groups.resume(owner);
        transactions.resume(owner);
        List<Timers> timers = List.of(
                new CoordinatorTimers(owner),
                new Openings(owner),
                disk,
                backgroundSyncs,
                new Upkeep(owner, roundMs, () -> settings.producerExpirationMs(config.producerExpirationMs())));
        this.logAgent = new LogAgent(clock, owner, timers, syncs, doorbell, config.ringCapacity());
        this.maintenance = new MaintenanceAgent(
                clock,
                Door.ofClient(logAgent, maintenanceDoorbell),
                storage,
                deleted,
                config.maintenanceInterval().toNanos());
        this.scrub = new ScrubAgent(
                clock,
                Door.ofClient(logAgent, maintenanceDoorbell),
                storage,
                config.scrub(),
                config.maintenanceInterval().toNanos());
        this.life = topics.image().leaderEpoch();
    }

    /**
     * Opens a data directory, or makes one.
     *
     * @throws StorageException if it is in use by another process, or the disk fails
     * @throws IllegalStateException if it belongs to another node
     */
    public static LogNode open(Path directory, NodeConfig config, Clock clock) {
        return open(new FileLogStorage(directory), config, clock);
    }

    /** The same on any storage, which the node closes at its end. */
    public static LogNode open(LogStorage storage, NodeConfig config, Clock clock) {
        storage.lock();
        try {
            return new LogNode(storage, config, clock);
        } catch (RuntimeException | Error e) {
            storage.close();
            throw e;
        }
    }

    /** Runs every agent on threads of its own. Call once, and not if somebody else steps them. */
    public LogNode start(FaultHandler faults) {
        FaultHandler noting = (agent, fault) -> {
            faulted = true;
            faults.onFault(agent, fault);
        };
        for (int i = 0; i < syncs.size(); i++) {
            runners.add(runner(syncs.doorbell(i), noting, syncs.agent(i)));
        }
        runners.add(runner(maintenanceDoorbell, noting, maintenance, scrub));
        runners.add(runner(doorbell, noting, logAgent));
        runners.forEach(AgentRunner::start);
        return this;
    }

    /** The first agent gives the thread its name. */
    private AgentRunner runner(Doorbell bell, FaultHandler faults, Agent... agents) {
        return new AgentRunner(agents[0].name(), bell, List.of(agents), clock, IdleStrategy.DEFAULT, faults);
    }

    /** Every agent, for a driver that steps them itself. */
    public List<Agent> agents() {
        List<Agent> agents = new ArrayList<>();
        agents.add(logAgent);
        for (int i = 0; i < syncs.size(); i++) {
            agents.add(syncs.agent(i));
        }
        agents.add(maintenance);
        agents.add(scrub);
        return agents;
    }

    /**
     * Opens a door for one owner thread.
     *
     * @param signal raised when an answer or a record has come
     */
    public LogClient newClient(Signal signal) {
        return newClient(Door.ofClient(logAgent, signal));
    }

    private LogClient newClient(Door door) {
        return new InProcessLogClient(door, partitions, "in-process-" + life + "-" + clients.incrementAndGet());
    }

    /**
     * Opens a door for the one thread of a listener.
     *
     * @param signal raised when an answer or a record has come
     */
    public NodeDoor newDoor(Signal signal) {
        Door door = Door.ofListener(logAgent, signal);
        NodeAdmin admin = new NodeAdmin(door, config, metadata, storage);
        return new NodeDoor(door, partitions, admin, newClient(door), life);
    }

    /** Makes every agent look at the time again: for whoever drives the node with a clock that jumps. Any thread. */
    public void wake() {
        doorbell.raise();
        maintenanceDoorbell.raise();
    }

    /** Kafka's {@code cluster.id}. */
    public String clusterId() {
        return identity.clusterId();
    }

    public int nodeId() {
        return identity.nodeId();
    }

    /** Any thread. */
    public NodeMetrics metrics() {
        return counters.snapshot(logAgent.queued(), config.ringCapacity());
    }

    /** Why nothing can be written any more, if so. Any thread. */
    public Optional<String> failure() {
        return storage.failure();
    }

    /**
     * Why users' records are refused at the moment, if they are: the disk has too little room (see {@link DiskLimits}). It
     * passes when there is room again. Any thread.
     */
    public Optional<String> shortage() {
        return disk.shortage();
    }

    /**
     * Partitions whose retention or compaction fails at the moment, and why; it is tried again, and the others go on. Any
     * thread.
     */
    public Map<TopicPartition, String> troubles() {
        return troubles.shown();
    }

    /**
     * Ends the node: agents stop, every request still on its way is refused, logs are synced and the directory is marked as
     * cleanly closed. Without that mark, after a fault or a disk error, the next start scans the logs from their recovery
     * points; nothing acknowledged is lost either way.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int i = runners.size() - 1; i >= 0; i--) {
            runners.get(i).close();
        }
        if (runners.isEmpty()) {
            logAgent.close();
        }
        try {
            boolean clean = !faulted && storage.failure().isEmpty();
            logAgent.settle();
            for (Partition partition : partitions.all()) {
                clean &= partition.close();
            }
            if (!clean || !markClean()) {
                LOG.error("the directory is not marked as cleanly closed; the next start scans its logs");
            }
        } finally {
            storage.close();
        }
    }

    /** False if the disk refuses the mark or what must be written before it. */
    private boolean markClean() {
        try {
            Checkpoints.of(partitions).write(storage, Checkpoints.NONE);
            logStarts.write(partitions);
            DirectoryMarks.markCleanShutdown(storage, -1);
            return true;
        } catch (StorageException e) {
            LOG.warn("the end of the directory could not be written down: {}", e.getMessage());
            return false;
        }
    }
}
