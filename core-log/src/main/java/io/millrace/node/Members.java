package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.coordinator.Answer;
import io.millrace.coordinator.Decision;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.coordinator.GroupRecord;
import io.millrace.coordinator.GroupReply;
import io.millrace.coordinator.GroupRequest;
import io.millrace.coordinator.GroupRequest.ConsumerHeartbeat;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leave;
import io.millrace.coordinator.GroupRequest.Sync;
import io.millrace.log.NearestName;
import io.millrace.log.StorageException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Members of other processes: what they ask the coordinators, and who still waits for an answer. Owned by the log agent. */
final class Members {

    private static final Logger LOG = LoggerFactory.getLogger(Members.class);

    private final Groups groups;

    /** By ticket. A member waits for one thing at a time, so there are no more than members and members to be. */
    private final Map<Long, LateAnswer<?>> waiting = new LinkedHashMap<>();

    private final TimerFaults timerFaults = new TimerFaults();
    private long tickets;

    Members(Groups groups) {
        this.groups = groups;
    }

    <T extends GroupReply> void ask(LogOwner log, GroupRequest request, Class<T> kind, Pending<T> pending) {
        long ticket = ++tickets;
        String group = request.group();
        waiting.put(ticket, new LateAnswer<>(kind, pending, group, groups.partitionOf(group)));
        Containment containment = Containment.begin(log);
        try {
            carryOut(log, group, decide(groups.of(group), request, ticket, log.nowMs()));
        } catch (RuntimeException | StackOverflowError e) {
            if (!containment.holds(e)) {
                throw e;
            }
            LOG.error(
                    "request={} group={} failed by a mistake in the code; the group goes back to what is written of it",
                    request.getClass().getSimpleName(),
                    NearestName.shown(group),
                    e);
            forsake(log, group);
        }
    }

    /**
     * A decision about the group has failed half-way. Nothing of it counts, and whoever waits for the group hears of it: who was
     * to be answered is not known any more.
     */
    private void forsake(LogOwner log, String group) {
        try {
            groups.of(group)
                    .notWritten(
                            group, new Decision<>(List.of(), List.of()), ErrorCode.UNKNOWN_SERVER_ERROR, log.nowMs());
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("group={} could not be taken back either", NearestName.shown(group), e);
        }
        for (Iterator<LateAnswer<?>> all = waiting.values().iterator(); all.hasNext(); ) {
            LateAnswer<?> late = all.next();
            if (late.group().equals(group)) {
                all.remove();
                late.fail(
                        ErrorCode.UNKNOWN_SERVER_ERROR,
                        "the coordinator failed unexpectedly; the log of the node says why");
            }
        }
    }

    private static Decision<GroupRecord, List<Answer>> decide(
            GroupCoordinator coordinator, GroupRequest request, long ticket, long nowMs) {
        if (request instanceof ConsumerHeartbeat beat) {
            return coordinator.consumers().heartbeat(beat, ticket, nowMs);
        }
        if (request instanceof Join join) {
            return coordinator.classic().join(join, ticket, nowMs);
        }
        if (request instanceof Sync sync) {
            return coordinator.classic().sync(sync, ticket, nowMs);
        }
        if (request instanceof Leave leave) {
            return coordinator.classic().leave(leave, ticket, nowMs);
        }
        throw new IllegalArgumentException(request + " has an answer at once");
    }

    ErrorCode heartbeat(LogOwner log, Heartbeat request) {
        return groups.of(request.group()).classic().heartbeat(request, log.nowMs());
    }

    private void carryOut(LogOwner log, String group, Decision<GroupRecord, List<Answer>> decision) {
        List<Answer> answers = decision.reply();
        try {
            groups.write(log, group, decision.records());
        } catch (LogException notWritten) {
            answers = takeBack(log, group, decision, notWritten.error(), notWritten.reason());
        } catch (StorageException notOpened) {
            if (notOpened.kind() == StorageException.Kind.NO_SPACE) {
                log.disk().isFull(log, String.valueOf(notOpened.getMessage()));
            }
            answers = takeBack(log, group, decision, notOpened.error(), String.valueOf(notOpened.getMessage()));
        }
        for (Answer answer : answers) {
            LateAnswer<?> late = waiting.remove(answer.ticket());
            if (late != null) {
                log.submit(late.saying(answer.reply()));
            }
        }
    }

    /** What is too large now is so the next time too; everything else may pass. */
    private List<Answer> takeBack(
            LogOwner log, String group, Decision<GroupRecord, List<Answer>> decision, ErrorCode error, String reason) {
        LOG.warn("group={} goes back to what is written of it, as its members cannot be: {}", group, reason);
        boolean isTooLarge = error == ErrorCode.MESSAGE_TOO_LARGE || error == ErrorCode.RECORD_LIST_TOO_LARGE;
        ErrorCode told = isTooLarge ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.COORDINATOR_NOT_AVAILABLE;
        return groups.of(group).notWritten(group, decision, told, log.nowMs());
    }

    /** When {@link #runDue} has something to do, {@link Long#MAX_VALUE} for never. */
    long nextDeadlineMs() {
        long earliest = Long.MAX_VALUE;
        for (GroupCoordinator coordinator : groups.all()) {
            earliest = Math.min(earliest, coordinator.nextDeadlineMs());
        }
        return earliest;
    }

    /** Joins are completed and members go because time has passed. One group that fails does not keep the others from it. */
    void runDue(LogOwner log) {
        for (GroupCoordinator coordinator : groups.all()) {
            if (coordinator.nextDeadlineMs() <= log.nowMs()) {
                coordinator.takeDue(log.nowMs()).forEach(group -> runDue(log, coordinator, group));
            }
        }
    }

    private void runDue(LogOwner log, GroupCoordinator coordinator, String group) {
        Containment containment = Containment.begin(log);
        try {
            carryOut(log, group, coordinator.due(group, log.nowMs()));
        } catch (RuntimeException | StackOverflowError e) {
            if (!containment.holds(e)) {
                throw e;
            }
            timerFaults.tell(group, e, log.nowMs());
            forsake(log, group); // this sets its next alarm
        }
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Everybody who waits, to be refused. */
    List<Work> takeWaiting() {
        List<Work> taken = new ArrayList<>(waiting.values());
        waiting.clear();
        return taken;
    }
}
