package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.millrace.store.TestCodecs.Counter;
import io.millrace.store.memory.MemoryBackingStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HeapShardStateTest {

    private static final UUID TOPIC = new UUID(1, 2);

    private final MemoryBackingStore backing = new MemoryBackingStore();
    private final HeapShardState shard = new HeapShardState(backing);
    private final KeyValueStore<String, Counter> counts =
            shard.keyValue(TestCodecs.spec("counts", StoreSpec.Kind.KEY_VALUE));
    private final WindowStore<String, Counter> windows =
            shard.window(TestCodecs.spec("windows", StoreSpec.Kind.WINDOW), 10);
    private long offset;

    @Test
    void readsTheOpenEpochThenTheFrozenOneThenWhatIsCommitted() {
        counts.put("a", new Counter(1));
        commitEpoch();
        counts.put("a", new Counter(2));
        shard.freeze();
        assertThat(value(counts.get("a"))).isEqualTo(2);
        counts.put("a", new Counter(3));
        assertThat(value(counts.get("a"))).isEqualTo(3);
        assertThat(value(shard.committedValue(counts, "a"))).isEqualTo(1);

        shard.dropUncommitted();

        assertThat(value(counts.get("a"))).isEqualTo(1);
    }

    @Test
    void copiesAnAccumulatorOncePerEpoch() {
        counts.put("a", new Counter(1));
        commitEpoch();

        Counter first = update("a");
        Counter second = update("a");
        shard.freeze();
        Counter third = update("a");

        assertThat(second).isSameAs(first);
        assertThat(third).isNotSameAs(first);
        assertThat(value(shard.committedValue(counts, "a"))).isEqualTo(1);
        shard.dropUncommitted();
        assertThat(value(counts.get("a"))).isEqualTo(1);
    }

    @Test
    void knowsAnArrayByWhatIsInItNow() {
        KeyCodec<byte[]> arrays = new KeyCodec<>() {
            @Override
            public byte[] encode(byte[] key) {
                return key;
            }

            @Override
            public byte[] decode(byte[] bytes) {
                return bytes;
            }
        };
        KeyValueStore<byte[], Counter> byArray = shard.keyValue(new StoreSpec<>(
                "arrays",
                StoreSpec.Kind.KEY_VALUE,
                arrays,
                TestCodecs.spec("x", StoreSpec.Kind.KEY_VALUE).values()));
        byte[] reused = {1};
        byArray.put(reused, new Counter(1));
        reused[0] = 2;
        assertThat(byArray.get(reused)).isNull();

        byArray.put(reused, new Counter(2));

        assertThat(value(byArray.get(new byte[] {1}))).isEqualTo(1);
        assertThat(value(byArray.get(new byte[] {2}))).isEqualTo(2);
    }

    @Test
    void tellsTheBudgetWhatTheOpenEpochHolds() {
        MemoryBudget budget = new MemoryBudget(1 << 30, 200_000);
        HeapShardState own = new HeapShardState(backing, budget);
        KeyValueStore<String, Counter> wide = own.keyValue(TestCodecs.spec("wide", StoreSpec.Kind.KEY_VALUE));
        for (int i = 0; i < 5_000; i++) {
            wide.put("key-" + i, new Counter(i));
        }

        assertThat(own.pinnedBytes()).isGreaterThan(200_000);
        assertThat(budget.isPinnedExceeded()).isTrue();
    }

    @Test
    void copiesACommittedObjectThatIsPutBack() {
        counts.put("a", new Counter(1));
        commitEpoch();
        counts.put("a", counts.get("a"));
        counts.getForUpdate("a").count = 7;

        shard.dropUncommitted();

        assertThat(value(counts.get("a"))).isEqualTo(1);
    }

    @Test
    void handsOutOneNetChangePerKeyInOrderOfFirstTouch() {
        counts.put("kept", new Counter(1));
        commitEpoch();
        counts.put("b", new Counter(1));
        counts.put("made and removed", new Counter(1));
        counts.put("a", new Counter(2));
        counts.put("b", new Counter(3));
        counts.delete("made and removed");
        counts.delete("kept");
        counts.delete("never was");
        shard.freeze();

        List<String> changes = new ArrayList<>();
        shard.forEachFrozenChange((key, value) -> changes.add(TestCodecs.keyOf(key) + (value == null ? "-" : "+")));

        assertThat(changes).containsExactly("b+", "a+", "kept-");
    }

    @Test
    void namesAStoreInTheChangelogWhenItIsFirstWritten() {
        counts.put("a", new Counter(1));
        shard.freeze();
        List<Integer> ids = new ArrayList<>();
        shard.forEachFrozenChange((key, value) -> ids.add(StoreKeys.storeIdOf(key)));
        assertThat(ids).containsExactly(StoreKeys.STORE_TABLE_ID, StoreKeys.storeId("counts"));
        shard.dropUncommitted();
        counts.put("a", new Counter(1));
        assertThat(commitEpoch()).isEqualTo(2);
        counts.put("a", new Counter(2));
        assertThat(commitEpoch()).isEqualTo(1);
    }

    @Test
    void refusesToOpenAStoreAsAnotherKindThanTheChangelogSays() {
        counts.put("a", new Counter(1));
        shard.freeze();
        List<BackingStore.Change> log = new ArrayList<>();
        shard.forEachFrozenChange((key, value) -> log.add(new BackingStore.Change(key, value)));
        HeapShardState other = new HeapShardState(new MemoryBackingStore());
        other.window(TestCodecs.spec("counts", StoreSpec.Kind.WINDOW), 10);

        assertThatThrownBy(() -> log.forEach(change -> other.restore(change.key(), change.value())))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("counts");
    }

    @Test
    void rangesAreInOrderOfKeyBytesOverAllVersions() {
        for (String key : List.of("d", "b", "é", "a", "c")) {
            counts.put(key, new Counter(1));
        }
        commitEpoch();
        writeDown();
        counts.delete("b");
        counts.put("bb", new Counter(1));

        assertThat(keys("a", "c")).containsExactly("a", "bb", "c");
        assertThat(keys(null, null)).containsExactly("a", "bb", "c", "d", "é");
    }

    @Test
    void dropsPanesWholeAndBringsThemBackOnRollback() {
        windows.put("a", -10, new Counter(1));
        windows.put("a", 0, new Counter(2));
        windows.put("b", 0, new Counter(3));
        windows.put("a", 10, new Counter(4));
        commitEpoch();
        assertThat(windows.firstStartMs()).isEqualTo(-10);

        windows.dropBelow(10);
        assertThat(windows.firstStartMs()).isEqualTo(10);
        assertThat(windows.get("a", 0)).isNull();
        shard.dropUncommitted();
        assertThat(windows.firstStartMs()).isEqualTo(-10);
        assertThat(value(windows.get("b", 0))).isEqualTo(3);

        windows.dropBelow(10);
        assertThat(commitEpoch()).isEqualTo(3);
        writeDown();
        assertThat(windows.firstStartMs()).isEqualTo(10);
        assertThat(windows.get("a", 0)).isNull();
    }

    @Test
    void aPaneThatWasDroppedIsTheFirstAgainOnceItHasAValue() {
        windows.put("a", 0, new Counter(1));
        windows.put("a", 10, new Counter(1));
        windows.dropBelow(20);
        assertThat(windows.firstStartMs()).isEqualTo(Long.MAX_VALUE);

        windows.put("a", 10, new Counter(2));
        assertThat(windows.firstStartMs()).isEqualTo(10);
        windows.put("b", 0, new Counter(2));
        assertThat(windows.firstStartMs()).isZero();
        windows.dropBelow(5);
        assertThat(windows.firstStartMs()).isEqualTo(10);
        assertThat(windows.get("b", 0)).isNull();
    }

    /** Walking over all that were dropped before would take minutes. */
    @Test
    void closesManyPanesBeforeAnyIsWrittenBelow() {
        int panes = 200_000;
        for (int start = 0; start < panes; start++) {
            windows.put("a", start, new Counter(1));
        }
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int start = 0; start < panes; start++) {
                assertThat(windows.firstStartMs()).isEqualTo(start);
                windows.dropBelow(start + 1);
            }
        });
        assertThat(windows.firstStartMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void rangesOverWindowsByStartThenKey() {
        windows.put("b", 10, new Counter(1));
        windows.put("a", 10, new Counter(1));
        windows.put("z", -10, new Counter(1));
        windows.put("a", 30, new Counter(1));
        List<String> seen = new ArrayList<>();
        windows.range(-10, 20, (key, start, value) -> seen.add(start + key));
        windows.range("a", -10, 30, (key, start, value) -> seen.add(start + key));
        assertThat(seen).containsExactly("-10z", "10a", "10b", "10a", "30a");
    }

    @Test
    void findsPanesOfTheBackingStoreAfterAReopen() {
        windows.put("a", 0, new Counter(1));
        windows.put("b", 20, new Counter(2));
        commitEpoch();
        writeDown();

        HeapShardState reopened = new HeapShardState(backing);
        WindowStore<String, Counter> again = reopened.window(TestCodecs.spec("windows", StoreSpec.Kind.WINDOW), 10);

        assertThat(again.firstStartMs()).isZero();
        again.dropBelow(20);
        assertThat(again.get("a", 0)).isNull();
        assertThat(again.firstStartMs()).isEqualTo(20);
        reopened.dropUncommitted();
        assertThat(value(again.get("a", 0))).isEqualTo(1);
    }

    @Test
    void skipsAnOlderCommitOfAKeyOnTheWayDown() {
        counts.put("hot", new Counter(1));
        counts.put("cold", new Counter(1));
        commitEpoch();
        counts.put("hot", new Counter(2));
        commitEpoch();

        ShardState.Slice first = shard.takeSlice(20);
        ShardState.Slice second = shard.takeSlice(1000);

        assertThat(first.changes()).hasSize(1);
        assertThat(first.position()).isNull();
        assertThat(second.changes().stream().map(BackingStore.Change::key).map(TestCodecs::keyOf))
                .containsExactly("cold", "hot");
        assertThat(second.position().changelogOffset()).isEqualTo(offset);
    }

    private Counter update(String key) {
        Counter counter = counts.getForUpdate(key);
        counter.count++;
        counts.put(key, counter);
        return counter;
    }

    private List<String> keys(String from, String to) {
        List<String> keys = new ArrayList<>();
        counts.range(from, to, (key, value) -> keys.add(key));
        return keys;
    }

    /** Returns how many changes the epoch had. */
    private int commitEpoch() {
        int[] count = new int[1];
        shard.freeze();
        shard.forEachFrozenChange((key, value) -> count[0]++);
        offset += count[0];
        shard.commit(new StorePosition(TOPIC, offset, 0, offset));
        return count[0];
    }

    private void writeDown() {
        for (ShardState.Slice slice = shard.takeSlice(10); slice != null; slice = shard.takeSlice(10)) {
            backing.write(slice.changes(), slice.position());
            shard.confirm(slice);
        }
        assertThat(backing.position().changelogOffset()).isEqualTo(offset);
    }

    private static long value(Counter counter) {
        return counter.count;
    }
}
