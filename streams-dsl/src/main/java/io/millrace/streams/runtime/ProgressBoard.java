package io.millrace.streams.runtime;

import io.millrace.streams.plan.Exchange;
import io.millrace.streams.plan.Plan;
import java.util.Arrays;
import java.util.List;

/**
 * How far every task of the job has surely read, as one lane knows it; from it follows the limit on stream time behind each
 * exchange. Owned by the lane.
 *
 * <p>Progress of a task is the largest timestamp it has read, or {@link Frame#ALL_READ} when it has no unread input. The
 * limit of a fragment is the smallest progress of the tasks that feed it. It is raised only behind the records it speaks of,
 * as it travels with them.
 */
final class ProgressBoard {

    private final int[][] feeders;
    private final int[] exchangeFrom;
    private final long[][] progressMs;
    private final long[] limitMs;
    private final long[][] versions;

    /** The last progress that was not {@link Frame#ALL_READ}. */
    private final long[][] finiteMs;


    /** @param reads whether a task (fragment, shard) has inputs of its own; others begin with everything read */
    ProgressBoard(Plan plan, boolean[][] reads) {
        List<Exchange> exchanges = plan.exchanges();
        int fragments = plan.fragments().size();
        feeders = new int[fragments][];
        exchangeFrom = exchanges.stream().mapToInt(Exchange::fromFragment).toArray();
        progressMs = new long[fragments][plan.shardCount()];
        limitMs = new long[fragments];
        versions = new long[fragments][plan.shardCount()];
        finiteMs = new long[fragments][plan.shardCount()];
        boolean[] feedsOnUnread = new boolean[fragments];
        for (int fragment = 0; fragment < fragments; fragment++) {
            int to = fragment;
            feeders[fragment] = exchanges.stream()
                    .filter(exchange -> exchange.toFragment() == to)
                    .mapToInt(Exchange::fromFragment)
                    .distinct()
                    .toArray();
            for (int feeder : feeders[fragment]) {
                feedsOnUnread[fragment] |= feedsOnUnread[feeder] || anyOf(reads[feeder]);
            }
            limitMs[fragment] = feedsOnUnread[fragment] ? Long.MIN_VALUE : Frame.ALL_READ;
            Arrays.fill(finiteMs[fragment], Long.MIN_VALUE);
            for (int shard = 0; shard < plan.shardCount(); shard++) {
                progressMs[fragment][shard] =
                        reads[fragment][shard] || feedsOnUnread[fragment] ? Long.MIN_VALUE : Frame.ALL_READ;
            }
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

    /** Index of the fragment an exchange leaves. */
    int fromFragment(int exchange) {
        return exchangeFrom[exchange];
    }

    /**
     * Takes note of a task's progress, which came behind the records it speaks of. Returns whether it changed.
     *
     * @param version of the I/O agent's word that it follows from; that everything has been read is not believed if a newer
     *     word is known
     */
    boolean report(int fragment, int shard, long progress, long version) {
        if (progress == Frame.ALL_READ && version < versions[fragment][shard]) {
            return false;
        }
        versions[fragment][shard] = Math.max(versions[fragment][shard], version);
        if (progress != Frame.ALL_READ) {
            finiteMs[fragment][shard] = progress;
        }
        return set(fragment, shard, progress);
    }

    /**
     * A task on another lane has something unread again. What it has read by now may still be on its way here, so it counts
     * as no further than its records that came. Returns whether that changes anything.
     */
    boolean unread(int fragment, int shard, long version) {
        versions[fragment][shard] = Math.max(versions[fragment][shard], version);
        return progressMs[fragment][shard] == Frame.ALL_READ && set(fragment, shard, finiteMs[fragment][shard]);
    }

    private boolean set(int fragment, int shard, long progress) {
        if (progressMs[fragment][shard] == progress) {
            return false;
        }
        progressMs[fragment][shard] = progress;
        return true;
    }

    /** Computes a fragment's limit anew. Returns whether it changed. */
    boolean refreshLimit(int fragment) {
        if (feeders[fragment].length == 0) {
            return false;
        }
        long limit = Frame.ALL_READ;
        for (int feeder : feeders[fragment]) {
            for (long progress : progressMs[feeder]) {
                limit = Math.min(limit, progress);
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
        return feeders[fragment].length > 0;
    }

    @Override
    public String toString() {
        return "limits " + Arrays.toString(limitMs);
    }
}
