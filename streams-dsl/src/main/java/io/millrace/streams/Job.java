package io.millrace.streams;

import io.millrace.client.Pending;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Waiter;
import io.millrace.streams.runtime.JobFault;
import io.millrace.streams.runtime.JobRuntime;
import io.millrace.streams.runtime.JobThreads;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A job that runs, on threads of its own. All methods may be called from any thread but the job's own; those that wait say so.
 *
 * <p>Closing a job commits what it has read. A process that dies without that loses nothing: the next start goes on from the
 * last commit.
 */
public final class Job implements AutoCloseable {

    /** How long {@link #close()} waits for the last epoch and for the state to be written. */
    public static final Duration CLOSE_MAX = Duration.ofSeconds(60);

    private static final Duration ANSWERED_BEFORE_END_MAX = Duration.ofSeconds(1);

    /** After that, how long it waits for everything to be given up. */
    private static final Duration GIVE_UP_MAX = Duration.ofSeconds(5);

    private final JobThreads threads;
    private final JobRuntime runtime;
    private final Clock clock;
    private volatile boolean threadsEnded;

    Job(JobThreads threads, Clock clock) {
        this.threads = threads;
        this.runtime = threads.runtime();
        this.clock = clock;
    }

    /** The job's name. */
    public String name() {
        return runtime.job();
    }

    /** Starts the job; returns at once. A job starts once. */
    public Job start() {
        runtime.start();
        return this;
    }

    public JobState state() {
        return runtime.state();
    }

    /**
     * How the job runs, as text: fragments with their operators, each exchange and its reason, stores, and the lanes with their
     * rings and stages. Before the job has been prepared for the first time, as {@link Topology#describe()}.
     */
    public String describe() {
        return runtime.describe();
    }

    /** As {@link #describe()}, as a graph in the DOT language, without lanes. */
    public String dot() {
        return runtime.plan().dot();
    }

    /** The job at about this moment: numbers may be a tenth of a second old. */
    public JobMetrics metrics() {
        return runtime.metrics();
    }

    /**
     * The committed state of a store: of an aggregate or a table by its operator's id, which is the name given with {@code
     * named(...)}; of a processor as {@code operator/store}.
     */
    public <K, V> StoreReader<K, V> store(String id) {
        return new StoreReader<>(runtime, id, clock);
    }

    /** Records that stand in the inputs and have not been taken; foreign sources not counted. */
    public long lag() {
        return metrics().lagRecords();
    }

    /** How far the event time reached lies behind the wall clock, while there is something left to read; zero if there is not. */
    public Duration lagTime() {
        JobMetrics now = metrics();
        return now.lagRecords() == 0 || now.eventTimeMs() == Long.MIN_VALUE
                ? Duration.ZERO
                : Duration.ofMillis(Math.max(0, clock.wallMs() - now.eventTimeMs()));
    }

    /** Told of every change of state from now on; on the job's I/O thread. */
    public Job onStateChange(JobStateListener listener) {
        runtime.listen(listener);
        return this;
    }

    /** Told why, each time the job fails, whether it restarts or not; on the job's I/O thread. */
    public Job onFailure(Consumer<? super Throwable> handler) {
        runtime.listen((before, now) -> {
            JobFault fault = runtime.fault();
            if (fault != null && (now == JobState.FAILED || now == JobState.RESTARTING)) {
                handler.accept(fault);
            }
        });
        return this;
    }

    /**
     * Waits until the job runs.
     *
     * @throws MillraceException if it ends instead, or does not run within the time
     */
    public Job awaitRunning(Duration timeout) throws InterruptedException {
        await(() -> state() == JobState.RUNNING || state().isFinal(), timeout, "run");
        requireAlive();
        return this;
    }

    /**
     * Waits until everything that stands in the inputs now has been read and committed.
     *
     * @throws MillraceException if the job ends before, or it takes longer than the time
     */
    public void awaitInputDrained(Duration timeout) throws InterruptedException {
        Waiter waiter = new Waiter();
        awaitAnswer(runtime.drained(waiter), waiter, timeout, "drain its input");
    }

    /**
     * Ends the epoch and waits until it is committed.
     *
     * @throws MillraceException if the job ends before, or it takes longer than the time
     */
    public void commit(Duration timeout) throws InterruptedException {
        Waiter waiter = new Waiter();
        awaitAnswer(runtime.commit(waiter), waiter, timeout, "commit");
    }

    /** Waits until the job has ended, however long it takes. Returns {@link JobState#STOPPED} or {@link JobState#FAILED}. */
    public JobState awaitEnd() throws InterruptedException {
        while (!awaitEnd(CLOSE_MAX)) {
            // An unbounded wait is a bounded one, again and again.
        }
        return state();
    }

    /** Waits until the job has ended. Returns whether it did within the time. */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        return new Waiter().await(() -> state().isFinal(), timeout, clock);
    }

    private void awaitAnswer(Pending<Void> answer, Waiter waiter, Duration timeout, String what)
            throws InterruptedException {
        if (!waiter.await(() -> answer.isDone() || state().isFinal(), timeout, clock)) {
            throw late(what, timeout);
        }
        requireAlive();
        if (answer.isFailed()) {
            // A job that ends refuses first what it will not do any more; why it ends is known a moment later.
            awaitEnd(ANSWERED_BEFORE_END_MAX);
            requireAlive();
            throw new MillraceException("job " + name() + " did not " + what + ": " + answer.message());
        }
    }

    private void await(java.util.function.BooleanSupplier condition, Duration timeout, String what)
            throws InterruptedException {
        if (!new Waiter().await(condition, timeout, clock)) {
            throw late(what, timeout);
        }
    }

    private MillraceException late(String what, Duration timeout) {
        JobFault fault = runtime.fault();
        String message = "job " + name() + " did not " + what + " within " + timeout + "; it is " + state();
        return fault == null
                ? new MillraceException(message)
                : new MillraceException(message + ", and its last failure was: " + fault.getMessage(), fault);
    }

    private void requireAlive() {
        if (state().isFinal()) {
            JobFault fault = runtime.fault();
            throw fault == null
                    ? new MillraceException("job " + name() + " is " + state())
                    : new MillraceException("job " + name() + " is " + state() + ": " + fault.getMessage(), fault);
        }
    }

    /** As {@link #close(Duration)} with {@link #CLOSE_MAX}; that it took longer is in the log and in {@link #state}. */
    @Override
    public void close() {
        close(CLOSE_MAX);
    }

    /**
     * Commits what has been read, writes the state, and ends the job and its threads. What is not done within the time is given
     * up: the job is {@link JobState#FAILED} then, its failure says what held it up (for user code that does not come back:
     * the operators and the stack), and the next start goes on from the last commit.
     *
     * @return whether the job has ended in time and no thread is left behind
     */
    public boolean close(Duration timeout) {
        boolean interrupted = false;
        boolean inTime = true;
        if (!state().isFinal()) {
            runtime.stop();
            try {
                inTime = awaitEnd(timeout);
            } catch (InterruptedException e) {
                interrupted = true;
                inTime = false;
            }
            if (!inTime) {
                runtime.giveUp("the close of job " + name() + " took longer than " + timeout);
                try {
                    awaitEnd(GIVE_UP_MAX);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        threadsEnded = threadsEnded || threads.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return inTime && threadsEnded;
    }

    /** Whether {@link #close} has left no thread behind. */
    boolean isGone() {
        return threadsEnded;
    }
}
