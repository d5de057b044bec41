package io.millrace.streams.operator;

import io.millrace.store.MultimapStore;
import io.millrace.store.StoreSpec;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * One input of a stream–stream join: what it buffers for the other side, and, if it must show all of its records, those that
 * have no partner yet. Owned by its operator.
 *
 * @see StreamStreamJoinOperator
 */
final class JoinSide {

    private final MultimapStore<Object, Object> buffer;
    private final @Nullable MultimapStore<Object, Object> unmatched;
    private final StreamTime progress;
    private final StreamTime joinTime;
    private final long retentionMs;

    /** How much younger a partner of a record of this side can be. */
    private final long reachMs;

    private final long graceMs;
    private final JoinMatches found = new JoinMatches();

    JoinSide(
            Node node,
            TaskContext task,
            String name,
            boolean keepsUnmatched,
            long reachMs,
            long retentionMs,
            long graceMs) {
        this.buffer = store(node, task, name);
        this.unmatched = keepsUnmatched ? store(node, task, name + "-unmatched") : null;
        this.progress = task.streamTime(node.id() + "/" + name);
        this.joinTime = task.streamTime(node.id());
        this.reachMs = reachMs;
        this.retentionMs = retentionMs;
        this.graceMs = graceMs;
    }

    private static MultimapStore<Object, Object> store(Node node, TaskContext task, String name) {
        String store = node.id() + "/" + name;
        return task.state()
                .multimap(new StoreSpec<>(store, StoreSpec.Kind.MULTIMAP, task.stateKeys(store), task.stateValues()));
    }

    boolean keepsUnmatched() {
        return unmatched != null;
    }

    void add(Object key, long timestampMs, Object value) {
        progress.observe(timestampMs);
        if (timestampMs >= firstVisibleMs()) {
            buffer.add(key, timestampMs, value);
        }
    }

    void addUnmatched(Object key, long timestampMs, Object value) {
        if (unmatched != null) {
            unmatched.add(key, timestampMs, value);
        }
    }

    /** What this side holds of a key between two times, both inclusive. */
    JoinMatches find(Object key, long fromMs, long toMs) {
        found.clear();
        buffer.range(key, Math.max(fromMs, firstVisibleMs()), toMs, found);
        return found;
    }

    /** The records of this key and time have found a partner. */
    void matched(Object key, long timestampMs) {
        if (unmatched != null && unmatched.firstTimeMs() <= timestampMs) {
            JoinMatches waiting = new JoinMatches();
            unmatched.range(key, timestampMs, timestampMs, waiting);
            for (int i = 0; i < waiting.size(); i++) {
                unmatched.remove(key, timestampMs, waiting.arrival(i));
            }
        }
    }

    /** Whether a record of this side has waited long enough for a partner. */
    boolean isDue(long timestampMs) {
        return joinTime.nowMs() > timestampMs + reachMs + graceMs;
    }

    /** Time of the oldest record that waits for a partner, {@link Long#MAX_VALUE} if none does. */
    long firstUnmatchedMs() {
        return unmatched == null ? Long.MAX_VALUE : unmatched.firstTimeMs();
    }

    /** Takes out the records of one time that wait for a partner. */
    JoinMatches takeUnmatched(long timestampMs) {
        found.clear();
        if (unmatched != null) {
            unmatched.range(timestampMs, timestampMs, found);
            unmatched.dropBelow(timestampMs + 1);
        }
        return found;
    }

    /** Forgets what cannot be seen any more. */
    void expire() {
        long firstMs = firstVisibleMs();
        if (buffer.firstTimeMs() < firstMs) {
            buffer.dropBelow(firstMs);
        }
    }

    /**
     * The oldest timestamp this side still shows: one retention behind its own newest record, as far as stream time allows to
     * see that.
     */
    private long firstVisibleMs() {
        long newestMs = Math.min(progress.largestMs(), joinTime.nowMs());
        return newestMs == StreamTime.UNKNOWN ? Long.MIN_VALUE : newestMs - retentionMs + 1;
    }
}
