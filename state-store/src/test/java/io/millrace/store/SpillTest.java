package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.TestCodecs.Counter;
import io.millrace.store.memory.MemoryBackingStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Join buffers and timers under one budget for all: what does not fit is below, and nobody can tell. */
class SpillTest {

    private static final StoreSpec<String, Counter> JOIN = TestCodecs.spec("join", StoreSpec.Kind.MULTIMAP);
    private static final StoreSpec<String, Counter> TIMERS = TestCodecs.spec("timers", StoreSpec.Kind.TIMER);
    private static final int TINY_BYTES = 4_000;
    private static final int KEYS = 30;
    private static final long WINDOW_MS = 40 * TimeBucket.WIDTH_MS;

    /** One shard with its budget, its changelog and its disk. */
    private static final class Side {
        final MemoryBudget budget;
        final MemoryBackingStore backing = new MemoryBackingStore();
        final ArrayDeque<ShardState.Slice> taken = new ArrayDeque<>();
        final List<BackingStore.Change> changelog = new ArrayList<>();
        List<BackingStore.Change> frozen = List.of();
        HeapShardState shard;
        MultimapStore<String, Counter> join;
        TimerStore<String, Counter> timers;

        Side(MemoryBudget budget) {
            this.budget = budget;
            open();
        }

        void open() {
            shard = new HeapShardState(backing, budget);
            join = shard.multimap(JOIN);
            timers = shard.timers(TIMERS);
        }

        void freeze() {
            shard.freeze();
            List<BackingStore.Change> changes = new ArrayList<>();
            shard.forEachFrozenChange((key, value) -> changes.add(new BackingStore.Change(key, value)));
            frozen = changes;
        }

        void commit() {
            changelog.addAll(frozen);
            shard.commit(position(changelog.size()));
        }

        void writeDown(long bytesMax, boolean isConfirmed) {
            ShardState.Slice slice = shard.takeSlice(bytesMax);
            if (slice != null) {
                backing.write(slice.changes(), slice.position());
                taken.add(slice);
            }
            while (isConfirmed && !taken.isEmpty()) {
                shard.confirm(taken.remove());
            }
        }

        void crash(SplittableRandom random) {
            taken.clear();
            shard.close();
            backing.crash(random);
            open();
            StorePosition from = shard.position();
            for (int at = from == null ? 0 : (int) from.changelogOffset(); at < changelog.size(); at++) {
                shard.restore(changelog.get(at).key(), changelog.get(at).value());
                if (random.nextInt(50) == 0) {
                    writeDown(500, true);
                }
            }
            shard.restored(position(changelog.size()));
        }

        String changes() {
            StringBuilder text = new StringBuilder();
            for (BackingStore.Change change : frozen) {
                byte[] value = change.value();
                text.append(HexFormat.of().formatHex(change.key()))
                        .append(value == null ? "-" : HexFormat.of().formatHex(value))
                        .append(' ');
            }
            return text.toString();
        }

        private static StorePosition position(int offset) {
            return new StorePosition(new UUID(1, 2), offset, 0, offset);
        }
    }

    @Test
    void aTinyBudgetAndAnUnlimitedOneGiveTheSame() throws Exception {
        for (long seed = 1; seed <= 16; seed++) {
            try {
                runTwins(seed);
            } catch (Throwable failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
    }

    private static void runTwins(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<Side> sides =
                List.of(new Side(new MemoryBudget(TINY_BYTES, Long.MAX_VALUE)), new Side(MemoryBudget.unbounded()));
        boolean isFrozen = false;
        long now = 0;
        for (int step = 0; step < 3_000; step++) {
            int choice = random.nextInt(100);
            long argument = random.nextLong();
            if (choice < 84) {
                now += random.nextInt(100);
            }
            List<String> seen = new ArrayList<>();
            for (Side side : sides) {
                seen.add(act(side, choice, new SplittableRandom(argument), now, isFrozen));
            }
            isFrozen = choice >= 84 && choice < 91 ? !isFrozen : choice < 98 && isFrozen;
            assertThat(seen.get(0)).as("step " + step + " of kind " + choice).isEqualTo(seen.get(1));
        }
        assertThat(all(sides.get(0).join)).isEqualTo(all(sides.get(1).join));
    }

    private static String act(Side side, int choice, SplittableRandom random, long now, boolean isFrozen)
            throws Exception {
        String key = "k" + random.nextInt(KEYS);
        long time = now - random.nextInt(random.nextInt(8) == 0 ? (int) WINDOW_MS : 2_000);
        if (choice < 30) {
            side.join.add(key, time, new Counter(now));
        } else if (choice < 48) {
            return of(side.join, key, now - random.nextLong(WINDOW_MS), time);
        } else if (choice < 52) {
            long from = random.nextBoolean() ? now - WINDOW_MS : time - 3_000;
            side.join.range(key, from, time, (k, t, arrival, value) -> {
                side.join.remove(k, t, arrival);
                return random.nextInt(3) > 0;
            });
        } else if (choice < 56) {
            side.join.dropBelow(now - WINDOW_MS);
        } else if (choice < 60) {
            return side.join.firstTimeMs() + " " + side.timers.firstMs();
        } else if (choice < 74) {
            side.timers.set(key, now + random.nextLong(WINDOW_MS), new Counter(now));
        } else if (choice < 78) {
            side.timers.cancel(key, time);
            return String.valueOf(side.timers.get(key, now + random.nextLong(500)) == null);
        } else if (choice < 84) {
            StringBuilder fired = new StringBuilder();
            while (side.timers.fireFirst(
                    now - WINDOW_MS / 2, (k, t, value) -> fired.append(k + "@" + t + "=" + value.count + " "))) {
                assertThat(fired).isNotEmpty();
            }
            return fired.toString();
        } else if (choice < 91 && !isFrozen) {
            side.freeze();
            return side.changes();
        } else if (choice < 91) {
            side.commit();
        } else if (choice < 98) {
            side.writeDown(1 + random.nextInt(4_000), random.nextInt(4) > 0);
        } else if (choice == 98) {
            side.shard.dropUncommitted();
        } else if (random.nextInt(3) == 0) {
            side.crash(random);
        } else {
            side.backing.flush();
            side.shard.dropUncommitted();
        }
        return "";
    }

    @Test
    void aWideWindowStaysWithinTheBudget() {
        Side side = new Side(new MemoryBudget(100_000, Long.MAX_VALUE));
        long largest = 0;
        for (int i = 0; i < 20_000; i++) {
            side.join.add("k" + i, 10L * i, new Counter(i));
            side.timers.set("t" + i, 1_000_000 + i, new Counter(i));
            if (i % 100 == 99) {
                side.freeze();
                side.commit();
                side.writeDown(Long.MAX_VALUE, true);
                largest = Math.max(largest, side.budget.heapBytes());
            }
        }

        // What is left of a spilled value is its hash, and of a timer nothing.
        assertThat(largest).isLessThan(100_000 + 20_000 * 16L + 30_000);
        assertThat(of(side.join, "k123", 0, Long.MAX_VALUE)).isEqualTo("1230=123 ");
        assertThat(of(side.join, "nobody", 0, Long.MAX_VALUE)).isEmpty();
        assertThat(side.timers.firstMs()).isEqualTo(1_000_000);
        assertThat(all(side.join)).hasSize(20_000);
        side.join.dropBelow(Long.MAX_VALUE);
        side.freeze();
        assertThat(side.frozen).hasSize(20_000);
    }

    @Test
    void readsAfterARestartOnlyWhatIsAskedFor() {
        Side side = new Side(new MemoryBudget(1_000_000, Long.MAX_VALUE));
        for (int i = 0; i < 1_000; i++) {
            side.join.add("k" + i, 100L * i, new Counter(i));
            side.timers.set("t" + i, i, new Counter(i));
        }
        side.freeze();
        side.commit();
        side.writeDown(Long.MAX_VALUE, true);
        long everything = side.budget.heapBytes();

        side.crash(new SplittableRandom(1));
        side.backing.flush();
        side.crash(new SplittableRandom(1));
        assertThat(of(side.join, "k500", 50_000, 50_000)).isEqualTo("50000=500 ");
        assertThat(side.timers.firstMs()).isZero();
        side.freeze();
        side.commit();

        assertThat(side.budget.heapBytes()).isLessThan(everything / 2);
        side.join.add("k500", 50_000, new Counter(-1));
        assertThat(of(side.join, "k500", 50_000, 50_000)).isEqualTo("50000=500 50000=-1 ");
    }

    @Test
    void theFirstTimeIsRightWhenASpilledValueIsRemoved() {
        Side side = new Side(new MemoryBudget(1, Long.MAX_VALUE));
        side.join.add("a", 5, new Counter(1));
        side.join.add("b", 900, new Counter(2));
        side.freeze();
        side.commit();
        side.writeDown(Long.MAX_VALUE, true);
        assertThat(side.join.firstTimeMs()).isEqualTo(5);

        side.join.range("a", 0, 10, (key, time, arrival, value) -> {
            side.join.remove(key, time, arrival);
            return true;
        });

        assertThat(side.join.firstTimeMs()).isEqualTo(900);
        side.shard.dropUncommitted();
        assertThat(side.join.firstTimeMs()).isEqualTo(5);
    }

    private static String of(MultimapStore<String, Counter> store, String key, long fromMs, long toMs) {
        StringBuilder text = new StringBuilder();
        store.range(key, fromMs, toMs, (k, time, arrival, value) -> {
            assertThat(k).isEqualTo(key);
            text.append(time).append('=').append(value.count).append(' ');
            return true;
        });
        return text.toString();
    }

    private static List<String> all(MultimapStore<String, Counter> store) {
        List<String> values = new ArrayList<>();
        store.range(
                Long.MIN_VALUE, Long.MAX_VALUE, (k, time, arrival, value) -> values.add(k + time + "=" + value.count));
        return values;
    }
}
