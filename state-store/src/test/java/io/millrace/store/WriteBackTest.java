package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.TestCodecs.Counter;
import io.millrace.store.memory.MemoryBackingStore;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriteBackTest {

    private static final WriteBackSettings SETTINGS = new WriteBackSettings(100, 1 << 20, 64, 1000, 1 << 20);

    private final MemoryBackingStore backing = new MemoryBackingStore();
    private final HeapShardState shard = new HeapShardState(backing);
    private final KeyValueStore<String, Counter> counts =
            shard.keyValue(TestCodecs.spec("counts", StoreSpec.Kind.KEY_VALUE));
    private final WriteBack writeBack = new WriteBack(shard, SETTINGS);
    private final StoreWriter writer = new StoreWriter(backing, SETTINGS);
    private @Nullable StorePosition committed;

    @Test
    void writesACommitOnlyWhenItIsOldEnough() {
        commit("a");
        writeDue(0, false);
        writeDue(99, false);
        assertThat(backing.position()).isNull();

        writeDue(100, false);

        assertThat(backing.position()).isEqualTo(committed);
        assertThat(shard.pinnedBytes()).isZero();
        assertThat(writeBack.isHandedOut()).isTrue();
    }

    @Test
    void saysWhenTheNextSliceIsDue() {
        assertThat(writeBack.nextDueMs()).isEqualTo(Long.MAX_VALUE);
        commit("a");
        writeDue(7, false);
        assertThat(writeBack.nextDueMs()).isEqualTo(107);

        ShardState.Slice slice = writeBack.next(107, false);

        assertThat(writeBack.nextDueMs()).isEqualTo(Long.MAX_VALUE);
        writeDown(slice, 107);
        assertThat(backing.position()).isEqualTo(committed);
    }

    @Test
    void endsARoundAtWhatWasCommittedWhenItBegan() {
        commit("a", "b", "c");
        StorePosition first = committed;
        writeDue(0, false);
        ShardState.Slice slice = writeBack.next(100, false);
        commit("d");
        writeDown(slice, 100);
        writeDue(101, false);
        assertThat(backing.position()).isEqualTo(first);
        assertThat(shard.pinnedBytes()).isPositive();
        writeDue(200, false);
        assertThat(backing.position()).isEqualTo(first);
        writeDue(201, false);
        assertThat(backing.position()).isEqualTo(committed);
    }

    @Test
    void aKeyThatChangesAllTheTimeIsNotWrittenWhileItsPositionMoves() {
        int hotWrites = 0;
        for (int now = 0; now < 1000; now++) {
            commit("hot", "cold" + now);
            ShardState.Slice slice = writeBack.next(now, false);
            if (slice != null) {
                hotWrites += (int) slice.changes().stream()
                        .filter(change -> TestCodecs.keyOf(change.key()).equals("hot"))
                        .count();
                writeDown(slice, now);
            }
        }
        assertThat(hotWrites).isLessThan(12);
        assertThat(backing.position().changelogOffset()).isGreaterThan(300);
    }

    @Test
    void writesWithoutDelayWhenTooMuchIsPinned() {
        for (int i = 0; i < 8; i++) {
            String[] keys = new String[1000];
            for (int j = 0; j < keys.length; j++) {
                keys[j] = "a rather long key, so that it takes some memory " + i + "/" + j;
            }
            commit(keys);
        }
        assertThat(shard.pinnedBytes()).isGreaterThan(SETTINGS.pinnedBytesMax());
        writeDue(0, false);
        assertThat(backing.position()).isEqualTo(committed);
    }

    @Test
    void writesWithoutDelayUnderPressure() {
        commit("a", "b");
        assertThat(writeBack.isHandedOut()).isFalse();
        writeDue(0, true);
        assertThat(writeBack.isHandedOut()).isTrue();
        assertThat(backing.position()).isEqualTo(committed);
    }

    @Test
    void flushesWhatIsOldEnough() {
        commit("a");
        writeDue(0, true);
        assertThat(writer.flushIfDue(999)).isFalse();
        assertThat(backing.durablePosition()).isNull();
        assertThat(writer.flushIfDue(1000)).isTrue();
        assertThat(backing.durablePosition()).isEqualTo(committed);
        assertThat(writer.flushIfDue(9999)).isFalse();
    }

    @Test
    void flushesWithoutDelayWhenMuchWasWritten() {
        StoreWriter eager = new StoreWriter(backing, new WriteBackSettings(0, 0, 1 << 20, 1000, 64));
        commit("a", "b", "c");
        ShardState.Slice slice = shard.takeSlice(10);
        eager.write(slice, 0);
        assertThat(eager.flushIfDue(0)).isFalse();
        slice = shard.takeSlice(1000);
        eager.write(slice, 0);
        assertThat(eager.flushIfDue(0)).isTrue();
    }

    @Test
    void refusesAViewWithMoreToCopyThanAllowed() {
        commit("a", "b");
        assertThat(shard.committedView(2)).isEqualTo(new CommittedViewResult.Refused(3, 2));
        writeDue(0, true);
        CommittedViewResult result = shard.committedView(0);
        assertThat(result).isInstanceOf(CommittedViewResult.Viewed.class);
        ((CommittedViewResult.Viewed) result).view().close();
    }

    private void commit(String... keys) {
        for (String key : keys) {
            counts.put(key, new Counter(1));
        }
        shard.freeze();
        shard.forEachFrozenChange((key, value) -> assertThat(value).isNotNull());
        long offset = committed == null ? 1 : committed.changelogOffset() + 1;
        committed = new StorePosition(new UUID(0, 0), offset, 0, offset);
        shard.commit(committed);
    }

    private void writeDue(long nowMs, boolean isPressed) {
        for (ShardState.Slice slice = writeBack.next(nowMs, isPressed);
                slice != null;
                slice = writeBack.next(nowMs, isPressed)) {
            writeDown(slice, nowMs);
        }
    }

    private void writeDown(ShardState.Slice slice, long nowMs) {
        writer.write(slice, nowMs);
        shard.confirm(slice);
    }
}
