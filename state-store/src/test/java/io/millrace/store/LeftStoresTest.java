package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.TestCodecs.Counter;
import io.millrace.store.memory.MemoryBackingStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** State that nobody wants any more goes, of every kind, and nothing else does. */
class LeftStoresTest {

    private static final StorePosition POSITION = new StorePosition(new UUID(0, 0), 1, 0, 1);
    private static final StoreSpec<String, Counter> KEPT = TestCodecs.spec("kept", StoreSpec.Kind.KEY_VALUE);

    private final MemoryBackingStore backing = new MemoryBackingStore();

    /** One entry in a store of each kind, as changelog records in their order. */
    private static List<Map.Entry<byte[], byte[]>> changelog() {
        HeapShardState shard = new HeapShardState(new MemoryBackingStore());
        shard.keyValue(KEPT).put("a", new Counter(1));
        shard.keyValue(TestCodecs.spec("rows", StoreSpec.Kind.KEY_VALUE)).put("a", new Counter(2));
        shard.window(TestCodecs.spec("rows/panes", StoreSpec.Kind.WINDOW), 10).put("a", 20, new Counter(3));
        shard.multimap(TestCodecs.spec("rows/left", StoreSpec.Kind.MULTIMAP)).add("a", -5, new Counter(4));
        shard.timers(TestCodecs.spec("rows/due", StoreSpec.Kind.TIMER)).set("a", 30, new Counter(5));
        List<Map.Entry<byte[], byte[]>> records = new ArrayList<>();
        shard.freeze();
        shard.forEachFrozenChange((key, value) -> records.add(Map.entry(key, value)));
        return records;
    }

    private static HeapShardState leaving(HeapShardState shard) {
        shard.keyValue(KEPT);
        shard.leave(name -> name.startsWith("rows"));
        return shard;
    }

    /** The keys that the next epoch deletes. */
    private static Map<String, Boolean> deletions(HeapShardState shard) {
        shard.deleteLeft();
        shard.freeze();
        Map<String, Boolean> deleted = new TreeMap<>();
        shard.forEachFrozenChange((key, value) -> deleted.put(java.util.Arrays.toString(key), value == null));
        shard.commit(POSITION);
        return deleted;
    }

    private static void requireAllGone(HeapShardState shard) {
        Map<String, Boolean> deleted = deletions(shard);

        assertThat(deleted)
                .as("four entries, and four lines of the store table")
                .hasSize(8);
        assertThat(deleted.values()).containsOnly(true);
        assertThat(shard.keyValue(KEPT).get("a").count).isEqualTo(1);
    }

    @Test
    void goesFromWhatIsReplayed() {
        HeapShardState shard = leaving(new HeapShardState(backing));
        changelog().forEach(record -> shard.restore(record.getKey(), record.getValue()));

        requireAllGone(shard);
    }

    @Test
    void goesFromWhatIsStoredBelow() {
        List<BackingStore.Change> changes = changelog().stream()
                .map(record -> new BackingStore.Change(record.getKey(), record.getValue()))
                .toList();
        backing.write(changes, POSITION);

        requireAllGone(leaving(new HeapShardState(backing)));
    }

    @Test
    void leavesItsNameToAStoreOfAnyKind() {
        HeapShardState shard = leaving(new HeapShardState(backing));
        changelog().forEach(record -> shard.restore(record.getKey(), record.getValue()));
        deletions(shard);
        for (ShardState.Slice slice = shard.takeSlice(1 << 20); slice != null; slice = shard.takeSlice(1 << 20)) {
            backing.write(slice.changes(), slice.position());
            shard.confirm(slice);
        }

        HeapShardState next = new HeapShardState(backing);
        assertThat(next.timers(TestCodecs.spec("rows", StoreSpec.Kind.TIMER)).firstMs())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void leavesAStoreAloneThatSomebodyOpens() {
        HeapShardState shard = new HeapShardState(backing);
        KeyValueStore<String, Counter> rows = shard.keyValue(TestCodecs.spec("rows", StoreSpec.Kind.KEY_VALUE));
        leaving(shard);
        changelog().forEach(record -> shard.restore(record.getKey(), record.getValue()));

        assertThat(deletions(shard))
                .as("all but the store that is open, and its line")
                .hasSize(6);
        assertThat(rows.get("a").count).isEqualTo(2);
    }
}
