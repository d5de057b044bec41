package io.millrace.streams.runtime;

import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.Subscription;
import io.millrace.client.TopicDescription;
import io.millrace.kernel.Signal;
import io.millrace.store.MemoryBudget;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job from its start to a stop or a failure: prepare, restore, run. Owned by the I/O agent; a step that throws
 * ends it, and everything it opened goes with its log client.
 */
final class Attempt {

    private enum Stage {
        PREPARING,
        READING_CATALOG,
        CHECKING_STORES,
        OPENING_LANES,
        RESTORING,
        FINDING_POSITIONS,
        RUNNING,
        WRITING_OUT,
        STOPPED
    }

    /** What the attempt shares with those before and after it. */
    record Surroundings(
            Topology topology,
            JobOptions options,
            List<LanePort> ports,
            List<BatchPool> pools,
            List<LaneGauges> gauges,
            LaneWatch watch,
            LaneWiring wiring,
            ShardStores stores,
            SyncedCommits commits,
            MemoryBudget memory,
            Signal signal,
            EpochHook hook) {}

    private final long number;
    private final Surroundings around;
    private final LogClient client;
    private final StateTypes types;
    private final Preparation preparation;
    private Stage stage = Stage.PREPARING;
    private @Nullable Subscription changelogReader;
    private @Nullable Prepared prepared;
    private @Nullable Catalog catalog;
    private @Nullable PartitionReplay catalogReplay;
    private @Nullable Restoration restoration;
    private @Nullable StartPositions positions;
    private @Nullable Running running;
    private @Nullable TombstoneHolds tombstones;
    private final Map<Integer, MetaRecord> metas = new HashMap<>();
    private int lanesAnswered;
    private boolean stopAsked;

    Attempt(long number, Surroundings around, LogClient client, StateTypes types) {
        this.number = number;
        this.around = around;
        this.client = client;
        this.types = types;
        this.preparation = new Preparation(around.topology(), around.options(), client, point -> around.hook()
                .reached(point, 0));
    }

    long number() {
        return number;
    }

    JobState state() {
        return switch (stage) {
            case PREPARING, READING_CATALOG, CHECKING_STORES, OPENING_LANES -> JobState.STARTING;
            case RESTORING, FINDING_POSITIONS -> JobState.RESTORING;
            case RUNNING -> stopAsked ? JobState.STOPPING : JobState.RUNNING;
            case WRITING_OUT -> JobState.STOPPING;
            case STOPPED -> JobState.STOPPED;
        };
    }

    /** Goes as far as it can. Returns units of work done. */
    int step(long wallMs, long nowNs) throws Exception {
        int work = client.poll(wallMs) + around.commits().step(client);
        for (LanePort port : around.ports()) {
            work += port.flush();
        }
        Stage before = stage;
        work += stepStage(nowNs);
        return work + (stage == before ? 0 : 1);
    }

    private int stepStage(long nowNs) throws Exception {
        return switch (stage) {
            case PREPARING -> prepare();
            case READING_CATALOG -> readCatalog();
            case CHECKING_STORES -> checkStores();
            case OPENING_LANES, WRITING_OUT, STOPPED -> 0;
            case RESTORING -> restoration == null ? 0 : restoration.step();
            case FINDING_POSITIONS -> findPositions(nowNs);
            case RUNNING -> run(nowNs);
        };
    }

    private int prepare() {
        int work = preparation.step();
        if (preparation.isDone()) {
            Prepared found = preparation.result();
            prepared = found;
            if (found.changelog() == null) {
                openLanes(found);
            } else {
                changelogReader = client.openSubscription(
                        IsolationLevel.READ_COMMITTED, around.options().fetchBytes());
                catalog = new Catalog(around.topology().job(), types);
                catalogReplay = new PartitionReplay(changelogReader, catalog.partition(), 0);
                stage = Stage.READING_CATALOG;
            }
        }
        return work;
    }

    private int readCatalog() {
        PartitionReplay replay = Objects.requireNonNull(catalogReplay);
        Catalog reading = Objects.requireNonNull(catalog);
        if (!replay.isDone()) {
            long before = replay.position();
            reading.read(replay.next());
            return replay.position() > before ? 1 : 0;
        }
        replay.close();
        Prepared found = Objects.requireNonNull(prepared);
        reading.adopt(found.plan(), around.options().droppedState());
        restoration = new Restoration(
                around.topology().job(),
                Objects.requireNonNull(found.changelog()),
                client,
                Objects.requireNonNull(changelogReader),
                around.stores(),
                around.ports(),
                around.commits());
        stage = Stage.CHECKING_STORES;
        return 1;
    }

    private int checkStores() {
        Restoration checking = Objects.requireNonNull(restoration);
        int work = checking.check();
        if (checking.isChecked()) {
            openLanes(Objects.requireNonNull(prepared));
        }
        return work;
    }

    private void openLanes(Prepared found) {
        stage = Stage.OPENING_LANES;
        Set<String> left = catalog == null ? Set.of() : catalog.dropped();
        around.wiring().assign(number, found, types, left, around.stores(), around.ports());
    }

    private int findPositions(long nowNs) throws Exception {
        StartPositions finding = Objects.requireNonNull(positions);
        int work = finding.step();
        if (finding.isDone()) {
            if (changelogReader != null) {
                changelogReader.close();
            }
            around.hook().reached(EpochPoint.RESTORED, 0);
            TopicDescription changelog = Objects.requireNonNull(prepared).changelog();
            if (changelog != null) {
                tombstones = new TombstoneHolds(changelog, around.stores(), client, nowNs);
            }
            running = Running.begin(around, Objects.requireNonNull(prepared), finding, catalog, types, client, nowNs);
            stage = Stage.RUNNING;
            around.ports().forEach(port -> port.send(new LaneItem.Begin()));
        }
        return work;
    }

    private int run(long nowNs) throws Exception {
        Running now = Objects.requireNonNull(running);
        int work = now.step(nowNs) + (tombstones == null ? 0 : tombstones.step(nowNs));
        if (stopAsked && now.isStopped()) {
            stage = Stage.WRITING_OUT;
            lanesAnswered = 0;
            around.ports().forEach(port -> port.send(new LaneItem.WriteOut()));
        }
        return work;
    }

    /** Whether lanes may hand over more. */
    boolean takesEvents() {
        return running == null || running.coordinator().takesOutput();
    }

    /** Takes what a lane says. A failure of the lane is thrown. */
    void on(LaneEvent event, long nowNs) throws RecordFailure {
        if (event instanceof LaneEvent.Output output) {
            Objects.requireNonNull(running).coordinator().output(output);
        } else if (event instanceof LaneEvent.EpochDone done) {
            Objects.requireNonNull(running).coordinator().laneDone(done.epoch());
        } else if (event instanceof LaneEvent.Worked) {
            Objects.requireNonNull(running).worked(nowNs);
        } else if (event instanceof LaneEvent.TopicWanted wanted) {
            Objects.requireNonNull(running).findTopic(wanted);
        } else if (event instanceof LaneEvent.Opened) {
            opened();
        } else if (event instanceof LaneEvent.Ready ready) {
            ready(ready);
        } else if (event instanceof LaneEvent.WrittenOut) {
            if (++lanesAnswered == around.ports().size()) {
                stage = Stage.STOPPED;
            }
        } else if (event instanceof LaneEvent.Failed failed) {
            throw failed.failure();
        }
    }

    private void opened() {
        if (++lanesAnswered < around.ports().size()) {
            return;
        }
        lanesAnswered = 0;
        stage = Stage.RESTORING;
        if (restoration == null) {
            around.ports()
                    .forEach(port -> port.send(
                            new LaneItem.Restored(Map.of(), around.commits().next())));
        } else {
            restoration.begin();
        }
    }

    private void ready(LaneEvent.Ready ready) {
        metas.putAll(ready.metas());
        if (++lanesAnswered == around.ports().size()) {
            Catalog read = catalog;
            positions = new StartPositions(
                    around.topology().job(),
                    Objects.requireNonNull(prepared),
                    client,
                    metas,
                    read == null ? Map.of() : read.sources(),
                    read == null ? Set.of() : read.added());
            stage = Stage.FINDING_POSITIONS;
        }
    }

    /** Commits what has been read and comes to an end. */
    void stop() {
        stopAsked = true;
        if (running != null) {
            running.stop();
        } else {
            stage = Stage.STOPPED;
        }
    }

    @Nullable
    Running running() {
        return stage == Stage.RUNNING ? running : null;
    }

    @Nullable
    Prepared prepared() {
        return prepared;
    }

    /** Who still waits for something this attempt did not do. */
    List<JobCommand> unanswered() {
        return running == null ? List.of() : running.unanswered();
    }

    /** Epochs committed. */
    long committedCount() {
        return running == null ? 0 : running.coordinator().committedCount();
    }

    long nextDeadlineNs(long nowNs) {
        if (stage != Stage.RUNNING || running == null) {
            return Long.MAX_VALUE;
        }
        long next = running.nextDeadlineNs(nowNs);
        return tombstones == null ? next : Math.min(next, tombstones.nextDeadlineNs());
    }

    /** Lets everything go; an open transaction is aborted. */
    void close() {
        if (running != null) {
            running.close();
        }
        client.close();
    }

    /** What it is at, for messages. */
    @Override
    public String toString() {
        return "attempt " + number + " " + stage + (running == null ? "" : ", " + running.coordinator());
    }
}
