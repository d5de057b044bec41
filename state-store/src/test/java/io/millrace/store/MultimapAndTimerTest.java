package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.TestCodecs.Counter;
import io.millrace.store.memory.MemoryBackingStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MultimapAndTimerTest {

    private static final StoreSpec<String, Counter> JOIN = TestCodecs.spec("join", StoreSpec.Kind.MULTIMAP);
    private static final StoreSpec<String, Counter> TIMERS = TestCodecs.spec("timers", StoreSpec.Kind.TIMER);

    private final MemoryBackingStore backing = new MemoryBackingStore();
    private final HeapShardState shard = new HeapShardState(backing);
    private final MultimapStore<String, Counter> join = shard.multimap(JOIN);
    private final TimerStore<String, Counter> timers = shard.timers(TIMERS);

    @Test
    void rangesOfAKeyAreByTimeThenArrival() {
        join.add("a", 5000, new Counter(1));
        join.add("a", -7, new Counter(2));
        join.add("b", 5000, new Counter(3));
        join.add("a", 5000, new Counter(4));
        join.add("a", 5001, new Counter(5));

        assertThat(values(join, "a", -7, 5000)).containsExactly(2L, 1L, 4L);
        assertThat(values(join, -7, 5001)).containsExactly(2L, 1L, 3L, 4L, 5L);
        assertThat(join.firstTimeMs()).isEqualTo(-7);
    }

    @Test
    void expiresByTimeAndComesBackOnRollback() {
        for (int time = 0; time < 5000; time += 500) {
            join.add("k" + time % 3, time, new Counter(time));
        }
        commitEpoch();

        join.dropBelow(2500);
        join.add("k0", 2500, new Counter(-1));
        assertThat(values(join, 0, 5000)).containsExactly(2500L, -1L, 3000L, 3500L, 4000L, 4500L);
        shard.dropUncommitted();

        assertThat(values(join, 0, 5000)).hasSize(10);
        assertThat(join.firstTimeMs()).isZero();
        join.dropBelow(10_000);
        assertThat(commitEpoch()).isEqualTo(10);
        assertThat(join.firstTimeMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aValueAddedAndRemovedInOneEpochLeavesNoTrace() {
        join.add("a", 1, new Counter(1));
        commitEpoch();
        join.add("a", 2, new Counter(2));
        join.range("a", 2, 2, (key, time, arrival, value) -> {
            join.remove(key, time, arrival);
            return true;
        });
        assertThat(commitEpoch()).isZero();
    }

    @Test
    void removesInsideItsOwnWalk() {
        for (int i = 0; i < 10; i++) {
            join.add("a", i / 3, new Counter(i));
        }
        List<Long> seen = new ArrayList<>();
        join.range("a", 0, 10, (key, time, arrival, value) -> {
            seen.add(value.count);
            join.remove(key, time, arrival);
            return true;
        });
        assertThat(seen).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(values(join, "a", 0, 10)).isEmpty();
    }

    @Test
    void firesInOrderOfTimeThenKey() throws Exception {
        timers.set("b", 10, new Counter(1));
        timers.set("a", 10, new Counter(2));
        timers.set("z", -5, new Counter(3));
        timers.set("c", 11, new Counter(4));
        timers.set("a", 10, new Counter(5));
        timers.cancel("nobody", 10);

        assertThat(fireAll(10)).containsExactly("z@-5=3", "a@10=5", "b@10=1");
        assertThat(timers.firstMs()).isEqualTo(11);
    }

    @Test
    void aFiredTimerComesBackOnRollback() throws Exception {
        timers.set("a", 10, new Counter(1));
        commitEpoch();
        assertThat(fireAll(10)).containsExactly("a@10=1");
        timers.set("b", 9, new Counter(2));
        shard.dropUncommitted();
        assertThat(fireAll(10)).containsExactly("a@10=1");
        assertThat(timers.get("b", 9)).isNull();
    }

    @Test
    void areReadInFullFromTheBackingStore() throws Exception {
        join.add("a", 1, new Counter(1));
        join.add("a", 1, new Counter(2));
        timers.set("t", 3, new Counter(3));
        commitEpoch();
        for (ShardState.Slice slice = shard.takeSlice(10); slice != null; slice = shard.takeSlice(10)) {
            backing.write(slice.changes(), slice.position());
            shard.confirm(slice);
        }

        HeapShardState reopened = new HeapShardState(backing);
        MultimapStore<String, Counter> again = reopened.multimap(JOIN);
        again.add("a", 1, new Counter(3));
        assertThat(values(again, "a", 1, 1)).containsExactly(1L, 2L, 3L);
        assertThat(reopened.timers(TIMERS).firstMs()).isEqualTo(3);
    }

    private List<String> fireAll(long untilMs) throws Exception {
        List<String> fired = new ArrayList<>();
        while (timers.fireFirst(untilMs, (key, time, value) -> fired.add(key + "@" + time + "=" + value.count))) {
            assertThat(timers.get("a", Long.MAX_VALUE)).isNull();
        }
        return fired;
    }

    /** Returns how many changes the epoch had. */
    private int commitEpoch() {
        int[] count = new int[1];
        shard.freeze();
        shard.forEachFrozenChange((key, value) -> count[0]++);
        shard.commit(new StorePosition(new UUID(0, 0), 1, 0, 1));
        return count[0];
    }

    private static List<Long> values(MultimapStore<String, Counter> store, String key, long from, long to) {
        List<Long> values = new ArrayList<>();
        store.range(key, from, to, (k, time, arrival, value) -> values.add(value.count));
        return values;
    }

    private static List<Long> values(MultimapStore<String, Counter> store, long from, long to) {
        List<Long> values = new ArrayList<>();
        store.range(from, to, (k, time, arrival, value) -> values.add(value.count));
        return values;
    }
}
