package io.millrace.streams.runtime;

import io.millrace.client.FoundOffset;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.LogEnds;
import io.millrace.client.OffsetQuery;
import io.millrace.client.Subscription;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.record.RecordBatch;
import io.millrace.store.BackingStore;
import io.millrace.store.DamagedStoreException;
import io.millrace.store.StorePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every shard to the last commit: what its backing store has, and the committed changelog behind it. Owned by the I/O
 * agent.
 *
 * <p>A store that is <em>ahead</em> of the log, or of another log, cannot be trusted: power failed in {@code os} mode, the
 * log was cut, or the topic was created again. Nor can one that is <em>damaged</em>: a checksum has failed, now or in the attempt
 * before. It is set aside and rebuilt from the start of the changelog.
 */
final class Restoration {

    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private final String job;
    private final TopicDescription changelog;
    private final Subscription subscription;
    private final ShardStores stores;
    private final List<LanePort> ports;
    private final SyncedCommits commits;

    /** Number in {@link SyncedCommits} of what the changelogs had when their reading began. */
    private long commit;

    private final RequestChain questions = new RequestChain();
    private final Map<Integer, StorePosition> stored = new TreeMap<>();
    private final Map<Integer, Long> starts = new TreeMap<>();
    private final List<PartitionReplay> replays = new ArrayList<>();
    private boolean isSent;
    private long restoredBytes;

    Restoration(
            String job,
            TopicDescription changelog,
            LogClient client,
            Subscription subscription,
            ShardStores stores,
            List<LanePort> ports,
            SyncedCommits commits) {
        this.job = job;
        this.changelog = changelog;
        this.subscription = subscription;
        this.stores = stores;
        this.ports = ports;
        this.commits = commits;
        for (int shard = 0; shard < changelog.partitionCount(); shard++) {
            TopicPartition partition = new TopicPartition(changelog.name(), shard);
            StorePosition position = intact(shard).position();
            if (position == null || position.leaderEpoch() < 0) {
                questions.then(() -> look(partition, position, null));
            } else {
                questions.ask(
                        () -> client.findOffset(
                                partition,
                                new OffsetQuery.EndOfEpoch(position.leaderEpoch()),
                                IsolationLevel.READ_COMMITTED),
                        end -> look(partition, position, end));
            }
        }
    }

    /** The shard's store; if it is damaged, the empty one that takes its place. */
    private BackingStore intact(int shard) {
        String damage;
        try {
            BackingStore store = stores.open(shard);
            damage = store.damage();
            if (damage == null) {
                return store;
            }
        } catch (DamagedStoreException e) {
            damage = String.valueOf(e.getMessage());
        }
        return beginAnew(shard, damage);
    }

    private BackingStore beginAnew(int shard, String why) {
        String where = stores.setAside(shard)
                .map(path -> "; what it held lies in " + path + ", which can be deleted")
                .orElse("");
        LOG.error(
                "job={} shard={} its state store cannot be trusted and is rebuilt from the changelog: {}{}",
                job,
                shard,
                why,
                where);
        return stores.open(shard);
    }

    /** Finds out which stores can be trusted. Returns units of work done. */
    int check() {
        return questions.step();
    }

    boolean isChecked() {
        return questions.isDone();
    }

    /** @param epochEnd where the records of the position's leader epoch end, null if the store knows none */
    private void look(TopicPartition partition, @Nullable StorePosition position, @Nullable FoundOffset epochEnd) {
        int shard = partition.partition();
        subscription.seek(partition, 0);
        LogEnds ends = subscription.ends(partition);
        String distrust = position == null ? null : distrust(position, ends, epochEnd);
        if (distrust != null) {
            beginAnew(shard, distrust);
        }
        if (position == null || distrust != null) {
            starts.put(shard, ends.logStartOffset());
        } else {
            stored.put(shard, position);
            starts.put(shard, position.changelogOffset());
        }
    }

    private @Nullable String distrust(StorePosition position, LogEnds ends, @Nullable FoundOffset epochEnd) {
        if (!position.changelogTopicId().equals(changelog.id())) {
            return "it belongs to topic id " + position.changelogTopicId() + ", " + changelog.name() + " now has "
                    + changelog.id();
        }
        if (position.changelogOffset() > ends.logEndOffset()) {
            return "it covers the changelog up to offset " + position.changelogOffset() + ", which now ends at "
                    + ends.logEndOffset();
        }
        if (position.changelogOffset() < ends.logStartOffset()) {
            return "it covers the changelog up to offset " + position.changelogOffset() + ", which now starts at "
                    + ends.logStartOffset();
        }
        if (epochEnd != null
                && (epochEnd.leaderEpoch() != position.leaderEpoch()
                        || epochEnd.offset() < position.changelogOffset())) {
            return "it covers the changelog up to offset " + position.changelogOffset() + " of leader epoch "
                    + position.leaderEpoch() + ", of which the log now has "
                    + (epochEnd.leaderEpoch() == position.leaderEpoch()
                            ? "what lies below offset " + epochEnd.offset()
                            : "nothing");
        }
        return null;
    }

    /** The lanes are open: begins to read. */
    void begin() {
        commit = commits.next();
        starts.forEach((shard, from) ->
                replays.add(new PartitionReplay(subscription, new TopicPartition(changelog.name(), shard), from)));
    }

    /** Sends what lanes have room for. Returns units of work done. */
    int step() {
        if (isSent) {
            return 0;
        }
        int work = 0;
        boolean done = true;
        for (PartitionReplay replay : replays) {
            if (replay.isDone()) {
                continue;
            }
            done = false;
            int shard = replay.partition.partition();
            LanePort port = ports.get(shard % ports.size());
            if (port.hasRoom()) {
                long from = replay.position();
                List<RecordBatch> batches = replay.next();
                if (!batches.isEmpty()) {
                    for (RecordBatch batch : batches) {
                        restoredBytes += batch.sizeInBytes();
                    }
                    port.send(new LaneItem.Restore(shard, batches, from, reached(replay), commit));
                    work++;
                } else if (replay.position() > from) {
                    work++;
                }
            }
        }
        if (done) {
            sendRestored();
            work++;
        }
        return work;
    }

    /** Replaying the changelog from here gives the state. */
    private StorePosition reached(PartitionReplay replay) {
        StorePosition from = stored.get(replay.partition.partition());
        return new StorePosition(changelog.id(), replay.readEnd(), replay.readEpoch(), from == null ? 0 : from.epoch());
    }

    private void sendRestored() {
        isSent = true;
        Map<Integer, StorePosition> positions = new HashMap<>();
        for (PartitionReplay replay : replays) {
            int shard = replay.partition.partition();
            StorePosition from = stored.get(shard);
            if (replay.readEnd() > (from == null ? 0 : from.changelogOffset())) {
                positions.put(shard, reached(replay));
            } else if (from != null) {
                positions.put(shard, from);
            }
            replay.close();
        }
        if (restoredBytes > 0) {
            LOG.info("job={} replayed {} bytes of {}", job, restoredBytes, changelog.name());
        }
        for (LanePort port : ports) {
            Map<Integer, StorePosition> own = new HashMap<>();
            positions.forEach((shard, position) -> {
                if (shard % ports.size() == port.lane) {
                    own.put(shard, position);
                }
            });
            port.send(new LaneItem.Restored(own, commit));
        }
    }
}
