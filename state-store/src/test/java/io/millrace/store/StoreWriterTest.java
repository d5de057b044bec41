package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.TestCodecs.Counter;
import io.millrace.store.memory.MemoryBackingStore;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoreWriterTest {

    private static final WriteBackSettings SETTINGS = new WriteBackSettings(100, 1 << 20, 64, 2, 1000, 1 << 20);

    private final MemoryBackingStore backing = new MemoryBackingStore();
    private final HeapShardState shard = new HeapShardState(backing);
    private final KeyValueStore<String, Counter> counts =
            shard.keyValue(TestCodecs.spec("counts", StoreSpec.Kind.KEY_VALUE));
    private final ShardChannel channel = new ShardChannel(backing, SETTINGS);
    private final WriteBack writeBack = new WriteBack(shard, channel, MemoryBudget.unbounded(), SETTINGS);
    private final StoreWriter writer = new StoreWriter(SETTINGS);
    private @Nullable StorePosition committed;

    StoreWriterTest() {
        writer.add(channel);
    }

    @Test
    void writesACommitOnlyWhenItIsOldEnough() {
        commit("a");
        settle(0);
        settle(99);
        assertThat(backing.position()).isNull();

        settle(100);

        assertThat(backing.position()).isEqualTo(committed);
        assertThat(shard.pinnedBytes()).isZero();
    }

    @Test
    void endsARoundAtWhatWasCommittedWhenItBegan() {
        commit("a", "b");
        StorePosition first = committed;
        writeBack.step(0, committed);
        writeBack.step(100, committed);
        commit("c");
        settle(101);
        assertThat(backing.position()).isEqualTo(first);
        assertThat(shard.pinnedBytes()).isPositive();
        settle(201);
        assertThat(backing.position()).isEqualTo(committed);
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
        settle(0);
        assertThat(backing.position()).isEqualTo(committed);
    }

    @Test
    void neverHasMoreSlicesInFlightThanAllowed() {
        commit("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p");
        writeBack.step(0, committed);
        assertThat(writeBack.step(100, committed)).isEqualTo(2);
        assertThat(writeBack.step(101, committed)).isZero();
        assertThat(writer.step(101)).isTrue();
        assertThat(writeBack.step(102, committed)).isEqualTo(2);
    }

    @Test
    void flushesWhatIsOldEnough() {
        commit("a");
        settle(0);
        settle(100);
        assertThat(backing.durablePosition()).isNull();
        writer.step(1099);
        assertThat(backing.durablePosition()).isNull();
        assertThat(writer.step(1100)).isTrue();
        assertThat(backing.durablePosition()).isEqualTo(committed);
        assertThat(writer.step(9999)).isFalse();
    }

    @Test
    void drainsAtOnceForACleanClose() {
        commit("a", "b");
        assertThat(writeBack.isDrained()).isFalse();
        writeBack.drain();
        settle(0);
        assertThat(writeBack.isDrained()).isTrue();
        assertThat(backing.position()).isEqualTo(committed);
    }

    @Test
    void aFailedWriteStopsTheShard() {
        BackingStore failing = new FailingStore(backing);
        ShardChannel broken = new ShardChannel(failing, SETTINGS);
        WriteBack lane = new WriteBack(shard, broken, MemoryBudget.unbounded(), SETTINGS);
        writer.add(broken);
        commit("a");
        lane.drain();
        lane.step(0, committed);
        while (writer.step(0)) {
            assertThat(backing.position()).isNull();
        }
        assertThatThrownBy(() -> lane.step(1, committed))
                .isInstanceOf(StateStoreException.class)
                .hasRootCauseMessage("disk full");
        assertThat(writer.step(2)).isFalse();
    }

    @Test
    void refusesAViewWithMoreToCopyThanAllowed() {
        commit("a", "b");
        assertThat(shard.committedView(2)).isEqualTo(new CommittedViewResult.Refused(3, 2));
        writeBack.drain();
        settle(0);
        assertThat(shard.committedView(0)).isInstanceOf(CommittedViewResult.Viewed.class);
    }

    @Test
    void bringsEverythingDownWhileTheLaneCommitsOnAnotherThread() throws Exception {
        AtomicBoolean isDone = new AtomicBoolean();
        Thread agent = new Thread(() -> {
            long now = 0;
            while (!isDone.get()) {
                if (!writer.step(now++)) {
                    Thread.onSpinWait();
                }
            }
        });
        agent.start();
        try {
            for (int i = 0; i < 3000; i++) {
                commit("k" + i % 97, "k" + i % 31);
                writeBack.step(i * 20L, committed);
            }
            writeBack.drain();
            for (int i = 0; !writeBack.isDrained(); i++) {
                writeBack.step(60_000 + i, committed);
                Thread.onSpinWait();
            }
        } finally {
            isDone.set(true);
            agent.join();
        }
        assertThat(backing.position()).isEqualTo(committed);
        HeapShardState reopened = new HeapShardState(backing);
        KeyValueStore<String, Counter> again = reopened.keyValue(TestCodecs.spec("counts", StoreSpec.Kind.KEY_VALUE));
        for (int i = 0; i < 97; i++) {
            assertThat(again.get("k" + i).count).isEqualTo(counts.get("k" + i).count);
        }
    }

    private void commit(String... keys) {
        for (String key : keys) {
            Counter counter = counts.getForUpdate(key);
            counts.put(key, new Counter(counter == null ? 1 : counter.count + 1));
        }
        shard.freeze();
        long offset = committed == null ? 1 : committed.changelogOffset() + 1;
        committed = new StorePosition(new UUID(0, 0), offset, 0, offset);
        shard.commit(committed);
    }

    /** Steps both ends until neither moves. */
    private void settle(long nowMs) {
        int moved;
        do {
            moved = writeBack.step(nowMs, committed);
            moved += writer.step(nowMs) ? 1 : 0;
        } while (moved > 0);
    }

    /** Refuses every write. */
    private record FailingStore(BackingStore below) implements BackingStore {
        @Override
        public void write(List<Change> changes, @Nullable StorePosition position) {
            throw new StateStoreException("disk full");
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return below.get(key);
        }

        @Override
        public List<byte @Nullable []> multiGet(List<byte[]> keys) {
            return below.multiGet(keys);
        }

        @Override
        public Cursor range(byte[] from, byte @Nullable [] to) {
            return below.range(from, to);
        }

        @Override
        public Snapshot snapshot() {
            return below.snapshot();
        }

        @Override
        public @Nullable StorePosition position() {
            return below.position();
        }

        @Override
        public @Nullable StorePosition durablePosition() {
            return below.durablePosition();
        }

        @Override
        public void flush() {
            below.flush();
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
