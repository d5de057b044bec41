package io.millrace.streams.runtime;

import io.millrace.streams.plan.Exchange;
import io.millrace.streams.plan.Plan;
import java.util.Arrays;
import java.util.List;

/**
 * How far every upstream task has surely read, as one lane knows it by each exchange; from it follows the limit on stream
 * time behind exchanges. Owned by the lane.
 *
 * <p>Progress of a task is the largest timestamp it has read, or {@link Frame#ALL_READ} when it has no unread input. The
 * limit of a fragment is the smallest progress that came through any of the exchanges that feed it. It is raised only behind
 * the records it speaks of, as it travels with them; so what came through one exchange says nothing of another one.
 */
final class ProgressBoard {

    private final int[] toFragment;
    private final boolean[] isFed;
    private final long[] limitMs;

    /** By exchange and upstream shard. */
    private final long[][] progressMs;

    /** The last progress that was not {@link Frame#ALL_READ}. */
    private final long[][] finiteMs;

    /** The newest word of the I/O agent that is known of. */
    private final long[][] versions;

    /** @param reads whether a task (fragment, shard) has inputs of its own; others begin with everything read */
    ProgressBoard(Plan plan, boolean[][] reads) {
        List<Exchange> exchanges = plan.exchanges();
        int fragments = plan.fragments().size();
        toFragment = exchanges.stream().mapToInt(Exchange::toFragment).toArray();
        isFed = new boolean[fragments];
        limitMs = new long[fragments];
        progressMs = new long[exchanges.size()][plan.shardCount()];
        finiteMs = new long[exchanges.size()][plan.shardCount()];
        versions = new long[exchanges.size()][plan.shardCount()];
        boolean[] mayHaveUnread = new boolean[fragments];
        Arrays.fill(limitMs, Frame.ALL_READ);
        for (int fragment = 0; fragment < fragments; fragment++) {
            for (Exchange exchange : exchanges) {
                if (exchange.toFragment() == fragment) {
                    int from = exchange.fromFragment();
                    isFed[fragment] = true;
                    mayHaveUnread[fragment] |= mayHaveUnread[from] || anyOf(reads[from]);
                }
            }
        }
        for (int exchange = 0; exchange < exchanges.size(); exchange++) {
            int from = exchanges.get(exchange).fromFragment();
            Arrays.fill(finiteMs[exchange], Long.MIN_VALUE);
            for (int shard = 0; shard < plan.shardCount(); shard++) {
                progressMs[exchange][shard] =
                        reads[from][shard] || mayHaveUnread[from] ? Long.MIN_VALUE : Frame.ALL_READ;
            }
            refreshLimit(toFragment[exchange]);
        }
    }

    private static boolean anyOf(boolean[] flags) {
        for (boolean flag : flags) {
            if (flag) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes note of progress that came through an exchange, behind the records it speaks of. Returns whether it changed.
     *
     * @param version of the I/O agent's word that it follows from; that everything has been read is not believed if a newer
     *     word is known
     */
    boolean report(int exchange, int shard, long progress, long version) {
        if (progress == Frame.ALL_READ && version < versions[exchange][shard]) {
            return false;
        }
        versions[exchange][shard] = Math.max(versions[exchange][shard], version);
        if (progress != Frame.ALL_READ) {
            finiteMs[exchange][shard] = progress;
        }
        return set(exchange, shard, progress);
    }

    /**
     * The upstream task, on another lane, has something unread again. What it has read by now may still be on its way here, so
     * it counts as no further than its records that came. Returns whether that changes anything.
     */
    boolean unread(int exchange, int shard, long version) {
        versions[exchange][shard] = Math.max(versions[exchange][shard], version);
        return progressMs[exchange][shard] == Frame.ALL_READ && set(exchange, shard, finiteMs[exchange][shard]);
    }

    private boolean set(int exchange, int shard, long progress) {
        if (progressMs[exchange][shard] == progress) {
            return false;
        }
        progressMs[exchange][shard] = progress;
        return true;
    }

    /** Computes a fragment's limit anew. Returns whether it changed. */
    boolean refreshLimit(int fragment) {
        long limit = Frame.ALL_READ;
        for (int exchange = 0; exchange < toFragment.length; exchange++) {
            if (toFragment[exchange] == fragment) {
                for (long progress : progressMs[exchange]) {
                    limit = Math.min(limit, progress);
                }
            }
        }
        boolean changed = limit != limitMs[fragment];
        limitMs[fragment] = limit;
        return changed;
    }

    /** The smallest progress (ms) of the tasks that feed this fragment. */
    long limitMs(int fragment) {
        return limitMs[fragment];
    }

    boolean isFed(int fragment) {
        return isFed[fragment];
    }

    @Override
    public String toString() {
        return "limits " + Arrays.toString(limitMs);
    }
}
