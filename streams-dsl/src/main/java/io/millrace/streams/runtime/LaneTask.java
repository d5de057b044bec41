package io.millrace.streams.runtime;

import io.millrace.streams.DropReason;
import io.millrace.streams.operator.Receiver;
import io.millrace.streams.operator.RecordContext;
import io.millrace.streams.operator.StatefulOperator;
import io.millrace.streams.operator.StreamTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fragment in a shard: its chain of operators and where its records come in. Owned by the shard's lane. */
final class LaneTask {

    private static final Logger LOG = LoggerFactory.getLogger(LaneTask.class);

    final int fragment;
    final int shard;
    final RecordContext context = new RecordContext();
    private final Map<String, StreamTime> times = new HashMap<>();

    List<TaskInput> inputs = List.of();

    /** Where the records of each input go in. */
    Receiver[] inputReceivers = {};

    /** Where the records of each exchange go in, by the exchange's index in the plan. */
    @Nullable
    Receiver[] exchangeReceivers = {};

    /** What waits for its turn; null where records are taken as they come. */
    @Nullable
    HeldRecords held;

    private List<StatefulOperator> operators = List.of();
    private List<StreamTime> timesInOrder = List.of();
    private int openCount;
    private long limitMs = Long.MAX_VALUE;

    LaneTask(int fragment, int shard) {
        this.fragment = fragment;
        this.shard = shard;
    }

    StreamTime streamTime(String nodeId) {
        return times.computeIfAbsent(nodeId, id -> new StreamTime());
    }

    void operators(List<StatefulOperator> upstreamFirst) {
        operators = List.copyOf(upstreamFirst);
    }

    /** State is restored: lets operators begin, upstream ones first. */
    void open() throws Exception {
        for (StatefulOperator operator : operators) {
            try {
                operator.open();
            } catch (Exception e) {
                throw new OperatorFailure(operator.id(), DropReason.PROCESSING, e);
            }
            openCount++;
        }
    }

    /** The attempt is over: lets those operators end that have begun. */
    void close() {
        for (StatefulOperator operator : operators.subList(0, openCount)) {
            try {
                operator.close();
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                LOG.warn("operator={} shard={} could not be closed, which changes nothing", operator.id(), shard, e);
            }
        }
        openCount = 0;
    }

    /** Stream time goes back to what the last commit recorded; for nodes it does not name it begins anew. */
    void restore(Map<String, MetaRecord.NodeTime> committed) {
        for (Map.Entry<String, StreamTime> time : times.entrySet()) {
            MetaRecord.NodeTime found = committed.get(time.getKey());
            if (found != null) {
                time.getValue().restore(found.nowMs(), found.largestMs());
            }
        }
        timesInOrder = new ArrayList<>(times.values());
    }

    void collectTimes(Map<String, MetaRecord.NodeTime> into) {
        for (Map.Entry<String, StreamTime> time : times.entrySet()) {
            StreamTime now = time.getValue();
            if (now.largestMs() != StreamTime.UNKNOWN) {
                into.put(time.getKey(), new MetaRecord.NodeTime(now.nowMs(), now.largestMs()));
            }
        }
    }

    /** Upstream has surely read so far (ms). Returns whether the stream time of some operator moved. */
    boolean limit(long upstreamProgressMs) {
        if (upstreamProgressMs == limitMs) {
            return false;
        }
        limitMs = upstreamProgressMs;
        boolean moved = false;
        for (StreamTime time : timesInOrder) {
            moved |= time.limit(upstreamProgressMs);
        }
        return moved;
    }

    /** Lets operators do what is due by the time, upstream ones first. */
    void advance() throws Exception {
        context.set(null, -1, -1, List.of());
        for (StatefulOperator operator : operators) {
            operator.advance(context);
        }
    }

    /** The epoch ends: lets operators hand on what they held back, upstream ones first. */
    void barrier() throws Exception {
        context.set(null, -1, -1, List.of());
        for (StatefulOperator operator : operators) {
            operator.barrier(context);
        }
    }

    long nextWallClockMs() {
        long next = Long.MAX_VALUE;
        for (StatefulOperator operator : operators) {
            next = Math.min(next, operator.nextWallClockMs());
        }
        return next;
    }
}
