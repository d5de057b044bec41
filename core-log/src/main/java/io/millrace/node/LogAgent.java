package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.kernel.Agent;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Doorbell;
import io.millrace.kernel.Pipeline;
import io.millrace.kernel.Signal;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * {@code log-0}: the agent that owns the partitions. Each step moves work through append, sync and acknowledge; a sync that
 * is under way does not keep it from taking in and writing more.
 *
 * <p>Coordinators need several rounds for one request. They submit further work, which queues up behind what is already in
 * the ring; since the stages depend on nothing but the disk, the ring always drains and that work always gets in.
 */
final class LogAgent implements Agent {

    private final Clock clock;
    private final LogOwner log;
    private final List<Timers> timers;
    private final SyncStage syncStage;
    private final Pipeline<Work> pipeline;
    private final List<Agent> stages;
    private final Doorbell doorbell;
    private final Queue<Work> adopted = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    /** Held while the ring is emptied after the last step. */
    private final ReentrantLock ending = new ReentrantLock();

    LogAgent(Clock clock, LogOwner log, List<Timers> timers, SyncPool syncs, Doorbell doorbell, int ringCapacity) {
        this.clock = clock;
        this.log = log;
        this.timers = timers;
        this.doorbell = doorbell;
        this.syncStage = new SyncStage(syncs, log, clock);
        this.pipeline = Pipeline.<Work>withCapacity(ringCapacity, Pipeline.Producers.MANY)
                .stage("append", doorbell, new AppendStage(log))
                .stage("sync", Signal.NONE, syncStage)
                .stage("acknowledge", Signal.NONE, new AcknowledgeStage(log))
                .build();
        this.stages = pipeline.stages();
    }

    /** Any thread: hands work over; false if the ring is full, then the signal is raised when it is not. */
    boolean offer(Work work, Signal onSpace) {
        if (stopped) {
            work.fail(ErrorCode.BROKER_NOT_AVAILABLE, "the log node has stopped");
            return true;
        }
        boolean taken = pipeline.offer(work, onSpace);
        refuseAllIfStopped();
        return taken;
    }

    /** Any thread: work that is in the ring. */
    int queued() {
        return pipeline.size();
    }

    /** Any thread: takes over what a client could not send before it was closed. In order, for each client. */
    void adopt(Work leftOver) {
        adopted.add(leftOver);
        refuseAllIfStopped();
        doorbell.raise();
    }

    @Override
    public String name() {
        return "log-0";
    }

    @Override
    public int step() throws Exception {
        log.nowMs(clock.wallMs());
        for (Work leftOver = adopted.poll(); leftOver != null; leftOver = adopted.poll()) {
            log.submit(leftOver);
        }
        int work = 0;
        for (int i = 0; i < timers.size(); i++) {
            work += timers.get(i).run(log);
        }
        work += sendSubmitted();
        for (int i = 0; i < stages.size(); i++) {
            work += stages.get(i).step();
        }
        return work;
    }

    private int sendSubmitted() {
        int sent = 0;
        for (Work next = log.peekSubmitted(); next != null; next = log.peekSubmitted()) {
            if (!pipeline.offer(next)) {
                return sent;
            }
            log.sent();
            sent++;
        }
        return sent;
    }

    @Override
    public long nextDeadlineNs() {
        long deadlineMs = Long.MAX_VALUE;
        for (int i = 0; i < timers.size(); i++) {
            deadlineMs = Math.min(deadlineMs, timers.get(i).nextDeadlineMs());
        }
        if (deadlineMs == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        return clock.nanoTime() + Math.max(0, deadlineMs - clock.wallMs()) * 1_000_000L;
    }

    /** Answers everything that is still on its way: nobody waits for ever on a node that has stopped. */
    @Override
    public void close() {
        stopped = true;
        log.takeSubmitted().forEach(LogAgent::refuse);
        refuseAllIfStopped();
        log.backgroundSyncs().stop();
    }

    /** Any thread: what came in while the agent ended is answered by whoever sees that. */
    private void refuseAllIfStopped() {
        if (!stopped) {
            return;
        }
        ending.lock();
        try {
            for (Work leftOver = adopted.poll(); leftOver != null; leftOver = adopted.poll()) {
                refuse(leftOver);
            }
            pipeline.drain(LogAgent::refuse);
        } finally {
            ending.unlock();
        }
    }

    /** After the end of this and of all sync agents, by whoever ends the node: no sync is left half done. */
    void settle() {
        syncStage.settle();
        log.backgroundSyncs().settle();
    }

    private static void refuse(Work work) {
        work.fail(ErrorCode.BROKER_NOT_AVAILABLE, "the log node has stopped");
    }
}
