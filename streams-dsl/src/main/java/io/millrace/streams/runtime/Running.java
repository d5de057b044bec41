package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Subscription;
import io.millrace.client.TopicDescription;
import io.millrace.streams.JobOptions;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.topology.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An attempt that reads, processes and commits. Owned by the I/O agent. */
final class Running {

    /** Somebody who waits for something that the job does anyway. */
    private record Waiter(boolean forDrainedInput, JobCommand asked) {}

    private final Attempt.Surroundings around;
    private final LogClient client;
    private final int shardCount;
    private final Ingest ingest;
    private final CommitCoordinator coordinator;
    private final StoreQueries queries;
    private final CommittedReads reads;
    private final CommitTrigger trigger;
    private final RequestChain requests = new RequestChain();
    private final TreeSet<String> topicsAskedFor = new TreeSet<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private final List<Waiter> waitersOfEpoch = new ArrayList<>();
    private long sentRecords;
    private long decidedCount;
    private boolean wasOpen = true;
    private boolean stopAsked;

    private Running(
            Attempt.Surroundings around,
            LogClient client,
            int shardCount,
            Ingest ingest,
            CommitCoordinator coordinator,
            CommittedReads reads,
            StoreQueries queries) {
        this.around = around;
        this.client = client;
        this.shardCount = shardCount;
        this.ingest = ingest;
        this.coordinator = coordinator;
        this.reads = reads;
        this.queries = queries;
        this.trigger = new CommitTrigger(around.options());
        this.sentRecords = ingest.recordCount();
    }

    static Running begin(
            Attempt.Surroundings around,
            Prepared prepared,
            StartPositions positions,
            @Nullable Catalog catalog,
            StateTypes types,
            LogClient client,
            long nowNs)
            throws Exception {
        TopicDescription changelog = prepared.changelog();
        CommitCoordinator coordinator = new CommitCoordinator(
                prepared.plan().job(),
                prepared.producer(),
                around.ports(),
                around.pools(),
                changelog == null ? null : changelog.id(),
                catalog,
                around.commits(),
                around.options().transactionTimeout(),
                around.hook());
        Ingest ingest =
                new Ingest(feeds(prepared.plan(), around, positions, client), around.ports(), prepared.inputIds());
        CommittedReads reads = new CommittedReads(positions.offsets());
        Running running = new Running(
                around,
                client,
                prepared.plan().shardCount(),
                ingest,
                coordinator,
                reads,
                new StoreQueries(prepared.plan(), around.ports(), types, around.signal(), reads));
        running.requests.ask(client::listTopics, positions::requireSameTopics);
        if (positions.beginsAnew() || (catalog != null && catalog.hasNews())) {
            running.trigger.worked(nowNs);
        }
        return running;
    }

    private static List<TaskFeed> feeds(
            Plan plan, Attempt.Surroundings around, StartPositions positions, LogClient client) throws Exception {
        JobOptions options = around.options();
        boolean keepsSource = around.topology().hasDeadLetters();
        Subscription subscription = client.openSubscription(IsolationLevel.READ_COMMITTED, options.fetchBytes());
        List<InputReader> readers = new ArrayList<>();
        for (TaskInput input : positions.inputs()) {
            Operation operation = input.source().operation();
            readers.add(
                    operation instanceof Operation.ReadSource foreign
                            ? new ForeignInput(
                                    input, foreign.source(), positions.foreign(input), options.frameRecords())
                            : new TopicInput(
                                    input,
                                    subscription,
                                    positions.offset(input),
                                    positions.isCommitted(input),
                                    new RecordDecoder(operation, keepsSource),
                                    idleTimeout(options, positions.isOwnOutput(input))
                                            .toNanos()));
        }
        return FeedGroups.of(plan, readers);
    }

    /**
     * How long others wait for an input that an open transaction holds up. What the job itself is writing there comes with its
     * next commit, however long that takes: to go on without it would make it late.
     */
    private static Duration idleTimeout(JobOptions options, boolean isOwnOutput) {
        boolean isLonger = options.transactionTimeout().compareTo(options.inputIdleTimeout()) > 0;
        return isOwnOutput && isLonger ? options.transactionTimeout() : options.inputIdleTimeout();
    }

    CommitCoordinator coordinator() {
        return coordinator;
    }

    StoreQueries queries() {
        return queries;
    }

    Ingest ingest() {
        return ingest;
    }

    int step(long nowNs) throws Exception {
        int work = coordinator.step(nowNs) + requests.step();
        if (coordinator.committedCount() > decidedCount) {
            decidedCount = coordinator.committedCount();
            reads.decided();
        }
        work += queries.step(coordinator.isOpen());
        if (coordinator.isOpen() && !wasOpen) {
            trigger.finished(nowNs);
            answerEpoch();
        }
        wasOpen = coordinator.isOpen();
        if (mayRead()) {
            work += ingest.step(nowNs);
            if (ingest.recordCount() > sentRecords) {
                sentRecords = ingest.recordCount();
                trigger.worked(nowNs);
                around.hook().reached(EpochPoint.INPUT_TAKEN, coordinator.fillingEpoch());
            }
        }
        if (coordinator.isOpen()) {
            work += commitIfDue(nowNs);
        }
        return work;
    }

    private boolean mayRead() {
        if (stopAsked
                || coordinator.isFull()
                || heldBytes() > around.options().stateMemoryBytes()
                || around.memory().isPinnedExceeded()) {
            return false;
        }
        return coordinator.isOpen() || around.options().overlappedCommits();
    }

    private int commitIfDue(long nowNs) {
        boolean isDrained = ingest.isDrained() || stopAsked;
        // What was passed over without a record (aborted transactions, markers) is no reason to commit, but somebody
        // may wait.
        if (queries.hasEarly() && isDrained && queries.wantsCommit(ingest.positions())) {
            trigger.worked(nowNs);
        }
        boolean wanted = stopAsked ? trigger.hasWork() : trigger.isDue(nowNs, isDrained, heldBytes());
        if (wanted) {
            waitersOfEpoch.addAll(takeWaiters(false));
            trigger.started(nowNs);
            PositionsOfEpoch positions = ingest.collectPositions();
            reads.ending(positions);
            coordinator.beginCommit(positions);
            wasOpen = false;
            return 1;
        }
        if (!trigger.hasWork() && !waiters.isEmpty() && ingest.isDrained() && ingest.hasReadAll()) {
            List<Waiter> drained = takeWaiters(true);
            drained.forEach(waiter -> waiter.asked().succeed());
            return drained.size();
        }
        return 0;
    }

    private List<Waiter> takeWaiters(boolean forDrainedInput) {
        List<Waiter> taken = new ArrayList<>();
        waiters.removeIf(waiter -> waiter.forDrainedInput() == forDrainedInput && taken.add(waiter));
        return taken;
    }

    private void answerEpoch() {
        List<Waiter> answered = List.copyOf(waitersOfEpoch);
        waitersOfEpoch.clear();
        answered.forEach(waiter -> waiter.asked().succeed());
    }

    /** Estimated bytes of state and exchanges that a commit or a write below would let go. */
    long heldBytes() {
        long bytes = 0;
        for (LaneGauges gauges : around.gauges()) {
            bytes += gauges.heldBytes();
        }
        return bytes;
    }

    /** A lane did something without input. */
    void worked(long nowNs) {
        trigger.worked(nowNs);
    }

    /** Ends the epoch soon; answered when it is committed. */
    void commit(JobCommand asked) {
        waiters.add(new Waiter(false, asked));
        trigger.request();
    }

    /** Answered when everything that stands in the inputs has been read and committed. */
    void whenDrained(JobCommand asked) {
        waiters.add(new Waiter(true, asked));
    }

    /** Who still waits: the attempt is over, the next one may answer. */
    List<JobCommand> unanswered() {
        List<JobCommand> all = new ArrayList<>();
        waitersOfEpoch.forEach(waiter -> all.add(waiter.asked()));
        waiters.forEach(waiter -> all.add(waiter.asked()));
        all.addAll(queries.takeEarly());
        return all;
    }

    /** Finds or creates a topic that a sink chose, and tells every lane. */
    void findTopic(LaneEvent.TopicWanted wanted) {
        String name = wanted.topic();
        if (!topicsAskedFor.add(name)) {
            return;
        }
        Operation.WriteTopic sink = wanted.sink();
        int partitions = sink.partitionCount() > 0 ? sink.partitionCount() : shardCount;
        requests.ask(
                () -> client.createTopic(new NewTopic(name, partitions, Preparation.keeping(sink.configs()))),
                created -> {},
                error -> error == ErrorCode.TOPIC_ALREADY_EXISTS);
        requests.ask(() -> client.describeTopic(name), found -> {
            OutputTopic topic = OutputTopic.of(found);
            around.ports().forEach(port -> port.sendTopic(topic));
        });
    }

    /** No more input is read; what has been read is committed. */
    void stop() {
        stopAsked = true;
    }

    /** Whether everything that was read is committed and nothing more will be. */
    boolean isStopped() {
        return stopAsked && coordinator.isOpen() && !trigger.hasWork();
    }

    long nextDeadlineNs(long nowNs) {
        long next = mayRead() ? ingest.nextDeadlineNs() : Long.MAX_VALUE;
        next = Math.min(next, coordinator.nextDeadlineNs());
        return coordinator.isOpen() ? Math.min(next, trigger.nextDeadlineNs(nowNs)) : next;
    }

    void close() {
        queries.close();
        ingest.close();
    }
}
