package io.millrace.server;

import io.millrace.client.CommittedOffset;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.OffsetQuery;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.server.command.CommandRefused;
import io.millrace.streams.runtime.JobFootprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds out what a reset would do, so that it can be shown before it is done. Changes nothing. */
final class ResetPlanner {

    /** One input partition and where it moves. */
    record Move(TopicPartition partition, long from, long to) {}

    /** What a reset would do. */
    record Plan(String job, List<Move> moves, Map<String, Map<String, String>> sources, List<String> stateTopics) {
        Plan {
            sources = new TreeMap<>(sources);
            moves = List.copyOf(moves);
            stateTopics = List.copyOf(stateTopics);
        }

        /** Where every input partition moves. */
        Map<TopicPartition, Long> offsets() {
            var offsets = new TreeMap<TopicPartition, Long>();
            moves.forEach(move -> offsets.put(move.partition(), move.to()));
            return offsets;
        }
    }

    private final OpenLog log;
    private final LogClient client;

    ResetPlanner(OpenLog log) {
        this.log = log;
        this.client = log.client();
    }

    /** @throws CommandRefused if there is no such job, or an offset lies outside of its partition */
    Plan plan(String job, ResetTarget target) {
        var committed = new TreeMap<>(log.await(client.committedOffsets(job)));
        var stateTopics = stateTopics(job);
        if (committed.isEmpty() && stateTopics.isEmpty()) {
            throw new CommandRefused(
                    "there is no job " + job + " in this data directory: it has neither positions nor state.");
        }
        if (target instanceof ResetTarget.Offsets wanted) {
            requireInputs(job, wanted, committed);
        }
        var moves = new ArrayList<Move>();
        committed.forEach((partition, position) ->
                moves.add(new Move(partition, position.offset(), moved(partition, position.offset(), target))));
        return new Plan(job, moves, log.sourcePositions(job), stateTopics);
    }

    private List<String> stateTopics(String job) {
        var own = JobFootprint.topics(job);
        return log.await(client.listTopics()).stream()
                .map(TopicDescription::name)
                .filter(own::contains)
                .toList();
    }

    private static void requireInputs(
            String job, ResetTarget.Offsets wanted, Map<TopicPartition, CommittedOffset> committed) {
        for (var partition : wanted.offsets().keySet()) {
            if (!committed.containsKey(partition)) {
                throw new CommandRefused("job " + job + " has no position in " + partition.topic() + ":"
                        + partition.partition() + "; it has some in " + committed.keySet() + ".");
            }
        }
    }

    private long moved(TopicPartition partition, long from, ResetTarget target) {
        if (target instanceof ResetTarget.Start) {
            return offset(partition, new OffsetQuery.Earliest());
        }
        if (target instanceof ResetTarget.Time time) {
            var found = offset(partition, time.query());
            return found >= 0 ? found : offset(partition, new OffsetQuery.Latest());
        }
        var wanted = ((ResetTarget.Offsets) target).offsets().getOrDefault(partition, from);
        var first = offset(partition, new OffsetQuery.Earliest());
        var last = offset(partition, new OffsetQuery.Latest());
        if (wanted < first || wanted > last) {
            throw new CommandRefused(partition.topic() + ":" + partition.partition() + " has offsets " + first + " to "
                    + last + "; it cannot be put to " + wanted + ".");
        }
        return wanted;
    }

    private long offset(TopicPartition partition, OffsetQuery query) {
        return log.await(client.findOffset(partition, query, IsolationLevel.READ_COMMITTED))
                .offset();
    }
}
