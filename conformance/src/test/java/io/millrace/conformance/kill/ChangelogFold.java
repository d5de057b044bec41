package io.millrace.conformance.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.LogClient;
import io.millrace.store.BackingStore;
import io.millrace.store.StorePosition;
import io.millrace.streams.Topic;
import io.millrace.streams.TopicReader;
import io.millrace.streams.codec.Codecs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * The committed changelog of a job, folded into the latest value per key, and compared with what RocksDB has.
 *
 * <p>The keys and values of the changelog are those of the backing store, byte for byte, so equality needs no codec.
 */
final class ChangelogFold {

    private record Entry(long offset, byte[] key, byte[] value) {}

    private final List<List<Entry>> entriesOfShard = new ArrayList<>();

    /** Reads the whole changelog. */
    ChangelogFold(LogClient client, String topic, int shardCount) {
        for (var shard = 0; shard < shardCount; shard++) {
            entriesOfShard.add(new ArrayList<>());
        }
        try (var reader = new TopicReader<>(client, Topic.of(topic, Codecs.bytes(), Codecs.bytes()), shardCount)) {
            while (!reader.isAtEnd()) {
                reader.poll((partition, offset, timestampMs, key, value) ->
                        entriesOfShard.get(partition.partition()).add(new Entry(offset, key, value)));
            }
        }
    }

    /**
     * The store of the shard and the changelog behind the store's position make the whole changelog.
     *
     * <p>A crash may come between two writes of one round: then some keys are newer than the position, which is only written
     * with the last of them. What the position promises is that replaying from it repairs exactly that.
     */
    void assertEquals(int shard, BackingStore store) {
        StorePosition position = store.position();
        var entries = entriesOfShard.get(shard);
        var expected = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
        entries.forEach(entry -> apply(entry, expected));
        var restored = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
        if (position != null) {
            try (var cursor = store.range(new byte[0], null)) {
                while (cursor.next()) {
                    restored.put(cursor.key(), cursor.value());
                }
            }
        }
        var from = position == null ? 0 : position.changelogOffset();
        entries.stream().filter(entry -> entry.offset() >= from).forEach(entry -> apply(entry, restored));
        assertThat(restored.keySet())
                .as("keys of shard %d at %s", shard, position)
                .hasSameSizeAs(expected.keySet());
        expected.forEach((key, value) -> assertThat(restored.get(key))
                .as("shard %d, key %s, at %s", shard, Arrays.toString(key), position)
                .isEqualTo(value));
    }

    private static void apply(Entry entry, TreeMap<byte[], byte[]> table) {
        if (entry.value() == null) {
            table.remove(entry.key());
        } else {
            table.put(entry.key(), entry.value());
        }
    }
}
