package io.millrace.streams.runtime;

import io.millrace.client.LogClient;
import io.millrace.kernel.Agent;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import io.millrace.kernel.Stage;
import io.millrace.store.StateStoreException;
import io.millrace.streams.JobState;
import io.millrace.streams.plan.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code io} agent of a job: takes what users ask and what lanes say, drives the current {@link Attempt}, and begins
 * another one after a failure.
 *
 * <p>Between two attempts every lane must have let go of the old one and the store agent must be through with what it was given:
 * only then is the state below what the next attempt will find there. A lane that does not come back from user code within
 * {@code user.code.timeout.ms} ends the job.
 */
final class JobAgent implements Agent {

    /** What happens to jobs is logged under a name of its own, which does not change with our classes. */
    static final String LOGGER = "io.millrace.job";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    /** Nobody wakes this agent when the store agent is done. */
    private static final long STORE_LOOK_NS = 1_000_000;

    /** How long lanes have to let go when nobody wants to wait any longer. */
    private static final long LAST_CHANCE_NS = Duration.ofSeconds(1).toNanos();

    private static final int COMMANDS = 64;
    private static final int EVENTS = 1024;

    private enum Between {
        NOT_STARTED,
        ATTEMPT,
        LETTING_GO,
        PAUSE,
        ENDED
    }

    private final String name;
    private final Attempt.Surroundings around;
    private final Supplier<LogClient> clients;
    private final Supplier<StateTypes> types;
    private final Clock clock;
    private final JobStatusBoard board;
    private final AtomicLong abandonedAttempt;
    private final Pipeline<StoreAgent.Order> storeRing;
    private final Agent commands;
    private final Agent events;
    private final RestartPolicy restarts;

    private Between between = Between.NOT_STARTED;
    private @Nullable Attempt attempt;
    private long attemptCount;
    private final BitSet lanesReleased = new BitSet();
    private final BitSet lanesStopped = new BitSet();
    private boolean storeStopped;
    private @Nullable Throwable broken;
    private long letGoUntilNs;
    private @Nullable Plan plan;
    private boolean lanesAreStuck;
    private boolean storeReleased;
    private @Nullable JobFault fault;
    private @Nullable JobFault lastFailure;
    private boolean stopAsked;
    private long nextAttemptNs;
    private final List<JobCommand> whenRunning = new ArrayList<>();

    /** The rings into this agent, made before the agents that use them. */
    static final class Rings {
        final Pipeline<JobCommand> commands;
        final Pipeline<LaneEvent> events;
        private @Nullable JobAgent owner;

        Rings(Signal signal) {
            Stage<JobCommand> takeCommand = command -> owner != null && owner.take(command);
            Stage<LaneEvent> takeEvent = event -> owner != null && owner.take(event);
            commands = Pipeline.<JobCommand>withCapacity(COMMANDS, Pipeline.Producers.MANY)
                    .stage("commands", signal, takeCommand)
                    .build();
            events = Pipeline.<LaneEvent>withCapacity(EVENTS, Pipeline.Producers.MANY)
                    .stage("events", signal, takeEvent)
                    .build();
        }
    }

    JobAgent(
            String name,
            Attempt.Surroundings around,
            Supplier<LogClient> clients,
            Supplier<StateTypes> types,
            Clock clock,
            JobStatusBoard board,
            AtomicLong abandonedAttempt,
            Pipeline<StoreAgent.Order> storeRing,
            Rings rings) {
        this.name = name;
        this.around = around;
        this.clients = clients;
        this.types = types;
        this.clock = clock;
        this.board = board;
        this.abandonedAttempt = abandonedAttempt;
        this.storeRing = storeRing;
        this.restarts = new RestartPolicy(around.options());
        rings.owner = this;
        commands = rings.commands.stages().get(0);
        events = rings.events.stages().get(0);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int step() throws Exception {
        try {
            return stepOnce();
        } catch (Throwable e) {
            broken = e;
            throw e;
        }
    }

    private int stepOnce() throws Exception {
        int work = commands.step() + events.step();
        long nowNs = clock.nanoTime();
        work += switch (between) {
            case NOT_STARTED, ENDED -> 0;
            case ATTEMPT -> stepAttempt(nowNs);
            case LETTING_GO -> letGo(nowNs);
            case PAUSE -> nowNs >= nextAttemptNs || stopAsked ? begin() : 0;
        };
        board.refresh(attempt, nowNs);
        return work;
    }

    private int begin() {
        if (stopAsked) {
            end(JobState.STOPPED);
            return 1;
        }
        attemptCount++;
        lanesReleased.clear();
        between = Between.ATTEMPT;
        board.became(JobState.STARTING);
        attempt = new Attempt(attemptCount, around, clients.get(), types.get());
        return 1;
    }

    private int stepAttempt(long nowNs) {
        Attempt current = attempt;
        if (current == null) {
            return 0;
        }
        try {
            int work = current.step(clock.wallMs(), nowNs);
            board.became(current.state());
            if (current.running() != null && !whenRunning.isEmpty()) {
                List<JobCommand> asked = List.copyOf(whenRunning);
                whenRunning.clear();
                asked.forEach(this::take);
                work++;
            }
            if (current.state() == JobState.STOPPED) {
                giveUp(current);
                work++;
            }
            return work;
        } catch (Exception e) {
            fail(current, e);
            return 1;
        }
    }

    private boolean take(LaneEvent event) {
        Attempt current = attempt;
        if (event instanceof LaneEvent.Released released) {
            lanesReleased.set(released.lane());
            return true;
        }
        if (between != Between.ATTEMPT || current == null || event.attempt() != current.number()) {
            return true;
        }
        if (!current.takesEvents()) {
            return false;
        }
        try {
            current.on(event, clock.nanoTime());
        } catch (Exception e) {
            fail(current, e);
        }
        return true;
    }

    private void fail(Attempt failed, Exception cause) {
        JobFault found = JobFault.of(cause);
        JobFault before = lastFailure;
        boolean isRepeated = before != null && found.isSameAs(before);
        lastFailure = found;
        String job = around.topology().job();
        if (isRepeated) {
            LOG.warn("job={} attempt={} failed again: {}", job, failed.number(), found.getMessage());
        } else {
            LOG.warn("job={} attempt={} failed: {}", job, failed.number(), found.getMessage(), found.origin());
        }
        LOG.debug("job={} {}", job, failed);
        fault = isRepeated && failed.committedCount() == 0 && found.isProgrammingError() ? found.asFinal() : found;
        giveUp(failed);
    }

    /** The attempt is over, for good or ill: everybody lets it go. */
    private void giveUp(Attempt over) {
        restarts.attemptEnded(over.committedCount(), fault != null && fault.isForWantOfRoom());
        abandonedAttempt.setRelease(over.number());
        around.commits().giveUp();
        attempt = null;
        between = Between.LETTING_GO;
        storeReleased = false;
        letGoUntilNs = clock.nanoTime() + around.options().userCodeTimeout().toNanos();
        Prepared prepared = over.prepared();
        plan = prepared == null ? null : prepared.plan();
        if (fault != null) {
            board.failed(fault);
        }
        whenRunning.addAll(over.unanswered());
        over.close();
        for (LanePort port : around.ports()) {
            port.clear();
            port.send(new LaneItem.Release(over.number()));
        }
    }

    private int letGo(long nowNs) {
        int work = 0;
        for (LanePort port : around.ports()) {
            work += port.flush();
        }
        lanesReleased.or(lanesStopped);
        if (lanesReleased.cardinality() < around.ports().size()) {
            if (nowNs < letGoUntilNs) {
                return work;
            }
            endWithStuckLanes();
            return work + 1;
        }
        if (!storeReleased && !storeStopped) {
            storeReleased = storeRing.offer(new StoreAgent.LetGo());
            return work + 1;
        }
        if (storeRing.size() > 0 && !storeStopped) {
            return work;
        }
        JobFault found = fault;
        if (found == null || stopAsked) {
            end(found == null || !found.isFinal() ? JobState.STOPPED : JobState.FAILED);
        } else if (found.isFinal() || !restarts.mayRestart()) {
            end(JobState.FAILED);
        } else {
            board.became(JobState.RESTARTING);
            nextAttemptNs = nowNs + restarts.pauseNs();
            fault = null;
            between = Between.PAUSE;
        }
        return work + 1;
    }

    /** Its shards cannot be given to anybody else: a lane that comes back would still write to them. */
    private void endWithStuckLanes() {
        lanesAreStuck = true;
        JobFault found = around.watch().stuck(lanesReleased, plan, fault);
        fault = found;
        LOG.error("job={} {}", around.topology().job(), found.getMessage());
        board.failed(found);
        end(JobState.FAILED);
    }

    private void giveUp(String why) {
        JobFault before = fault;
        fault = new JobFault(true, before == null ? why : why + ". Before that: " + before.getMessage(), before);
        Attempt current = attempt;
        if (current != null) {
            LOG.warn("job={} {} is given up: {}", around.topology().job(), current, why);
            giveUp(current);
        }
        if (between == Between.LETTING_GO) {
            board.failed(Objects.requireNonNull(fault));
            letGoUntilNs = Math.min(letGoUntilNs, clock.nanoTime() + LAST_CHANCE_NS);
        } else if (between != Between.ENDED) {
            end(JobState.FAILED);
        }
    }

    /** What has stopped has let go. */
    private void stopped(JobCommand.AgentStopped agent) {
        if (agent.lane() >= 0) {
            lanesStopped.set(agent.lane());
        } else {
            storeStopped = true;
        }
        giveUp(agent.why());
    }

    private void end(JobState state) {
        between = Between.ENDED;
        if (!lanesAreStuck) {
            try {
                around.stores().close();
            } catch (StateStoreException e) {
                LOG.warn("{}: state was not flushed; the next start replays it", name, e);
            }
        }
        whenRunning.forEach(asked -> asked.refuse("the job has ended"));
        whenRunning.clear();
        board.became(state);
    }

    private boolean take(JobCommand command) {
        Attempt current = attempt;
        Running running = current == null ? null : current.running();
        if (command instanceof JobCommand.Start) {
            if (between == Between.NOT_STARTED) {
                begin();
            }
        } else if (command instanceof JobCommand.Stop) {
            stop(current);
        } else if (command instanceof JobCommand.GiveUp given) {
            giveUp(given.why());
        } else if (command instanceof JobCommand.AgentStopped stopped) {
            stopped(stopped);
        } else if (between == Between.ENDED) {
            command.refuse("the job has ended");
        } else if (running == null) {
            whenRunning.add(command);
        } else if (command instanceof JobCommand.Commit commit) {
            running.commit(commit);
        } else if (command instanceof JobCommand.AwaitDrained await) {
            running.whenDrained(await);
        } else if (command instanceof JobCommand.Question question) {
            running.queries().ask(question);
        } else if (command instanceof JobCommand.Look look) {
            running.queries().ask(look);
        }
        return true;
    }

    private void stop(@Nullable Attempt current) {
        stopAsked = true;
        if (between == Between.NOT_STARTED) {
            end(JobState.STOPPED);
        } else if (between == Between.ATTEMPT && current != null) {
            current.stop();
        }
    }

    @Override
    public long nextDeadlineNs() {
        Attempt current = attempt;
        return switch (between) {
            case NOT_STARTED, ENDED -> Long.MAX_VALUE;
            case LETTING_GO -> clock.nanoTime() + STORE_LOOK_NS;
            case PAUSE -> nextAttemptNs;
            case ATTEMPT -> current == null ? Long.MAX_VALUE : current.nextDeadlineNs(clock.nanoTime());
        };
    }

    /** Called on the way out of the driver: whatever runs is given up, as in a crash. */
    @Override
    public void close() {
        Attempt current = attempt;
        if (current != null) {
            current.close();
            attempt = null;
        }
        Throwable cause = broken;
        if (cause != null) {
            board.failed(new JobFault(true, "agent " + name + " has stopped: " + cause, cause));
        }
        if (between != Between.ENDED) {
            end(cause == null ? JobState.STOPPED : JobState.FAILED);
        }
    }
}
