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

    /** The store of the shard holds exactly what the changelog says up to the store's own position. */
    void assertEquals(int shard, BackingStore store) {
        StorePosition position = store.position();
        var expected = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
        for (Entry entry : entriesOfShard.get(shard)) {
            if (position != null && entry.offset() < position.changelogOffset()) {
                if (entry.value() == null) {
                    expected.remove(entry.key());
                } else {
                    expected.put(entry.key(), entry.value());
                }
            }
        }
        var stored = 0;
        try (var cursor = store.range(new byte[0], null)) {
            while (cursor.next()) {
                assertThat(cursor.value())
                        .as("shard %d, key %s, at %s", shard, Arrays.toString(cursor.key()), position)
                        .isEqualTo(expected.get(cursor.key()));
                stored++;
            }
        }
        assertThat(stored).as("entries of shard %d at %s", shard, position).isEqualTo(expected.size());
    }
}
