package io.millrace.streams.runtime;

import io.millrace.client.LogClient;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.store.StorePosition;
import java.time.Duration;

/**
 * Lets compaction remove the tombstones that no shard's store can need any more: those below the position to which the store
 * would fall back in a crash. One that went before its store had it would bring a deleted key back. Owned by the I/O agent.
 *
 * <p>The changelog keeps everything nobody has let go ({@code tombstones.held}), so nothing is urgent here, and nothing need be
 * said while the job does not run.
 */
final class TombstoneHolds {

    /** How often the stores are looked at: a few times for each round of compaction. */
    private static final long LOOK_NS = Duration.ofSeconds(5).toNanos();

    private final TopicDescription changelog;
    private final ShardStores stores;
    private final LogClient client;
    private final long[] held;
    private long lookNs;

    TombstoneHolds(TopicDescription changelog, ShardStores stores, LogClient client, long nowNs) {
        this.changelog = changelog;
        this.stores = stores;
        this.client = client;
        this.held = new long[changelog.partitionCount()];
        this.lookNs = nowNs;
    }

    /** Tells the log what has become durable since the last look. Returns units of work done. */
    int step(long nowNs) {
        if (nowNs < lookNs || client.isCongested()) {
            return 0;
        }
        lookNs = nowNs + LOOK_NS;
        int raised = 0;
        for (int shard = 0; shard < held.length; shard++) {
            StorePosition durable = stores.open(shard).durablePosition();
            if (durable != null && durable.changelogOffset() > held[shard]) {
                held[shard] = durable.changelogOffset();
                client.holdTombstones(new TopicPartition(changelog.name(), shard), held[shard]);
                raised++;
            }
        }
        return raised;
    }

    long nextDeadlineNs() {
        return lookNs;
    }
}
