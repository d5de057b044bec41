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
 *
 * <p>That everything has been read is true until something more can be read. The I/O agent numbers these moments and tells
 * every lane of each before it sends the record that could be too early (see {@link ProgressNews}); so three things are
 * never mixed up:
 * <ul>
 *   <li>a claim "all read" has the number that its sender knew of, and is void once the board knows of a larger one that is
 *       about a task upstream, however many exchanges upstream;
 *   <li>what other lanes send has the number that stands behind it; as long as this lane has not been told of that number
 *       itself, it believes no claim that is older ({@link #sees});
 *   <li>a void claim is replaced by the last progress that came with records, until the claim is made anew.
 * </ul>
 */
final class ProgressBoard {

    /** Number of a claim that holds for ever: nothing upstream reads anything. */
    private static final long FOR_EVER = Long.MAX_VALUE;

    private final int[] fromFragment;
    private final int[] toFragment;
    private final boolean[] isFed;
    private final long[] limitMs;

    /** By fragment and exchange: whether what the fragment reads goes through the exchange, maybe after others. */
    private final boolean[][] leadsThrough;

    /** By exchange and upstream shard. */
    private final long[][] progressMs;

    /** The last progress that was not {@link Frame#ALL_READ}. */
    private final long[][] finiteMs;

    /** The number of the claim, or of the news that made it void. */
    private final long[][] versions;

    /** The newest of the I/O agent's news that this lane has got itself. */
    private long knownVersion;

    /** The newest that stands behind anything that came from another lane. */
    private long seenVersion;

    /** @param reads whether a task (fragment, shard) has inputs of its own; others begin with everything read */
    ProgressBoard(Plan plan, boolean[][] reads) {
        List<Exchange> exchanges = plan.exchanges();
        int fragments = plan.fragments().size();
        fromFragment = exchanges.stream().mapToInt(Exchange::fromFragment).toArray();
        toFragment = exchanges.stream().mapToInt(Exchange::toFragment).toArray();
        isFed = new boolean[fragments];
        limitMs = new long[fragments];
        leadsThrough = new boolean[fragments][exchanges.size()];
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
            followDown(fragment);
        }
        for (int exchange = 0; exchange < exchanges.size(); exchange++) {
            int from = fromFragment[exchange];
            Arrays.fill(finiteMs[exchange], Long.MIN_VALUE);
            for (int shard = 0; shard < plan.shardCount(); shard++) {
                boolean isOpen = reads[from][shard] || mayHaveUnread[from];
                progressMs[exchange][shard] = isOpen ? Long.MIN_VALUE : Frame.ALL_READ;
                versions[exchange][shard] = isOpen ? 0 : FOR_EVER;
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

    private void followDown(int fragment) {
        boolean[] reached = new boolean[isFed.length];
        reached[fragment] = true;
        // Exchanges lead to larger indexes only, so going up once sees all of them.
        for (int from = fragment; from < reached.length; from++) {
            for (int exchange = 0; exchange < toFragment.length; exchange++) {
                if (reached[from] && fromFragment[exchange] == from) {
                    leadsThrough[fragment][exchange] = true;
                    reached[toFragment[exchange]] = true;
                }
            }
        }
    }

    /**
     * Takes note of progress that came through an exchange, behind the records it speaks of. Returns whether it changed.
     *
     * @param version that the sender knew of; that everything has been read is not believed if it is void already
     */
    boolean report(int exchange, int shard, long progress, long version) {
        if (progress == Frame.ALL_READ) {
            if (version < versions[exchange][shard]) {
                return false;
            }
            versions[exchange][shard] = version;
        } else {
            finiteMs[exchange][shard] = progress;
        }
        boolean changed = progressMs[exchange][shard] != progress;
        progressMs[exchange][shard] = progress;
        return changed;
    }

    /**
     * The I/O agent has told this lane that a task has something unread again: older claims to the contrary are void, those of
     * tasks further down too.
     */
    void unread(int fragment, int shard, long version) {
        knownVersion = version;
        for (int exchange = 0; exchange < toFragment.length; exchange++) {
            if (fromFragment[exchange] == fragment) {
                makeVoid(exchange, shard, version);
            } else if (leadsThrough[fragment][exchange]) {
                for (int any = 0; any < versions[exchange].length; any++) {
                    makeVoid(exchange, any, version);
                }
            }
        }
    }

    private void makeVoid(int exchange, int shard, long version) {
        if (versions[exchange][shard] < version) {
            versions[exchange][shard] = version;
            if (progressMs[exchange][shard] == Frame.ALL_READ) {
                progressMs[exchange][shard] = finiteMs[exchange][shard];
            }
        }
    }

    /** Something comes from another lane behind which this news stands. Returns whether limits may have fallen. */
    boolean sees(long version) {
        if (version <= seenVersion) {
            return false;
        }
        seenVersion = version;
        return isBehind();
    }

    /** Whether the I/O agent has news for this lane that another lane has got already: of which task nobody knows here. */
    boolean isBehind() {
        return knownVersion < seenVersion;
    }

    /** The newest of the I/O agent's news that this lane has got itself: what it claims, it claims as of then. */
    long knownVersion() {
        return knownVersion;
    }

    /** The newest news that stands behind what this lane sends. */
    long version() {
        return Math.max(knownVersion, seenVersion);
    }

    /** Computes a fragment's limit anew. Returns whether it changed. */
    boolean refreshLimit(int fragment) {
        long limit = Frame.ALL_READ;
        for (int exchange = 0; exchange < toFragment.length; exchange++) {
            if (toFragment[exchange] == fragment) {
                for (int shard = 0; shard < versions[exchange].length; shard++) {
                    limit = Math.min(limit, progressMs(exchange, shard));
                }
            }
        }
        boolean changed = limit != limitMs[fragment];
        limitMs[fragment] = limit;
        return changed;
    }

    /** How far (ms) an upstream task has surely read, of what comes through this exchange. */
    long progressMs(int exchange, int shard) {
        boolean mayBeVoid = isBehind() && versions[exchange][shard] < seenVersion;
        return mayBeVoid ? finiteMs[exchange][shard] : progressMs[exchange][shard];
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
        return "limits " + Arrays.toString(limitMs) + ", news " + knownVersion + " of " + seenVersion;
    }
}
