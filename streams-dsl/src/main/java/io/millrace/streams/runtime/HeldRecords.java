package io.millrace.streams.runtime;

import io.millrace.record.Header;
import io.millrace.streams.operator.SourceBytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits in front of a task with several inputs, one of which at least is an exchange, until no other input can bring an
 * earlier record. Owned by the shard's lane.
 *
 * <p>A line is what one upstream task sends through one exchange, or what the task reads itself; within a line the order
 * stays. The head with the smallest timestamp goes first, the earlier line on a tie, and only when every empty line has
 * surely been read up to there.
 *
 * <p>Nobody waits for room here, so upstream tasks go on and say how far they are; and the end of an epoch lets everything
 * go. It may: the I/O agent reads all that is upstream by time too ({@link FeedGroups}), so that behind the barrier there is
 * nothing earlier. The same bounds what waits, by what is on its way between that agent and here.
 */
final class HeldRecords {

    /** The exchange of what the task has read itself. */
    static final int OWN = -1;

    /**
     * A record that waits.
     *
     * @param exchange it came through, {@link #OWN} if the task has read it itself
     * @param input that the task has read it from, of no meaning behind an exchange
     */
    record Held(
            int exchange,
            int input,
            @Nullable Object key,
            @Nullable Object value,
            long timestampMs,
            @Nullable String topic,
            int partition,
            long offset,
            List<Header> headers,
            @Nullable SourceBytes source,
            @Nullable DecodeFailure failure) {}

    private static final class Line {
        final int exchange;
        final int fromShard;
        final ArrayDeque<Held> records = new ArrayDeque<>();

        /** Those before which no smaller timestamp comes; the first has the smallest of all. */
        final ArrayDeque<Held> smallest = new ArrayDeque<>();

        Line(int exchange, int fromShard) {
            this.exchange = exchange;
            this.fromShard = fromShard;
        }

        void add(Held record) {
            records.addLast(record);
            while (!smallest.isEmpty() && smallest.peekLast().timestampMs > record.timestampMs) {
                smallest.removeLast();
            }
            smallest.addLast(record);
        }

        Held take() {
            Held taken = records.removeFirst();
            if (smallest.peekFirst() == taken) {
                smallest.removeFirst();
            }
            return taken;
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final int[] firstLineOf;
    private final Line own;
    private int count;

    /** @param exchanges that lead to the task, ascending, of {@code exchangeCount} */
    HeldRecords(List<Integer> exchanges, int exchangeCount, int shardCount) {
        firstLineOf = new int[exchangeCount];
        for (int exchange : exchanges) {
            firstLineOf[exchange] = lines.size();
            for (int shard = 0; shard < shardCount; shard++) {
                lines.add(new Line(exchange, shard));
            }
        }
        own = new Line(OWN, OWN);
        lines.add(own);
    }

    /** Adds what has come through an exchange. */
    void add(ExchangeFrame frame, int at) {
        int exchange = frame.exchanges[at];
        lines.get(firstLineOf[exchange] + frame.fromShards[at])
                .add(new Held(
                        exchange,
                        OWN,
                        frame.keys[at],
                        frame.values[at],
                        frame.timestampsMs[at],
                        frame.topics[at],
                        frame.partitions[at],
                        frame.offsets[at],
                        frame.headers[at],
                        frame.sourceAt(at),
                        null));
        count++;
    }

    /** Adds what the task has read itself. */
    void add(Frame frame, int at, TaskInput input) {
        own.add(new Held(
                OWN,
                frame.inputs[at],
                frame.keys[at],
                frame.values[at],
                frame.timestampsMs[at],
                input.topic(),
                input.partition(),
                frame.offsets[at],
                frame.headersAt(at),
                frame.sourceAt(at),
                frame.failures == null ? null : frame.failureAt(at)));
        count++;
    }

    /**
     * Takes the record that goes next, null if none may.
     *
     * @param ownProgressMs how far the task has read itself
     * @param epochEnds whether nothing more comes, so that all may go
     */
    @Nullable
    Held next(ProgressBoard progress, long ownProgressMs, boolean epochEnds) {
        if (count == 0) {
            return null;
        }
        int first = -1;
        long firstMs = Long.MAX_VALUE;
        for (int i = 0; i < lines.size(); i++) {
            Held head = lines.get(i).records.peekFirst();
            if (head != null && (first < 0 || head.timestampMs < firstMs)) {
                first = i;
                firstMs = head.timestampMs;
            }
        }
        for (int i = 0; i < lines.size() && !epochEnds; i++) {
            Line line = lines.get(i);
            if (line.records.isEmpty()) {
                long readMs = line == own ? ownProgressMs : progress.progressMs(line.exchange, line.fromShard);
                if (readMs < firstMs || readMs == firstMs && i < first && readMs != Frame.ALL_READ) {
                    return null;
                }
            }
        }
        count--;
        return lines.get(first).take();
    }

    /** The smallest timestamp (ms) that waits, {@link Long#MAX_VALUE} if nothing does. */
    long smallestMs() {
        long smallest = Long.MAX_VALUE;
        for (int i = 0; i < lines.size() && count > 0; i++) {
            Held ofLine = lines.get(i).smallest.peekFirst();
            if (ofLine != null) {
                smallest = Math.min(smallest, ofLine.timestampMs);
            }
        }
        return smallest;
    }

    int count() {
        return count;
    }
}
