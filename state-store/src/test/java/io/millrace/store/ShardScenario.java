package io.millrace.store;

import static io.millrace.store.ModelState.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.ModelState.TimeKey;
import io.millrace.store.TestCodecs.Counter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Random life of a shard beside a naive model: writes of all kinds, epochs that freeze, commit and drop, slices that are
 * written and confirmed late, memory pressure, crashes that take the backing store back, loss of the backing store, and
 * replay of a changelog, compacted or not.
 */
public final class ShardScenario {

    /** The backing store under test, and what a crash does to it. */
    public interface Disk {
        BackingStore open();

        /** Falls back to some earlier batch and returns the store that is found then. */
        BackingStore crash(SplittableRandom random) throws Exception;

        /** Loses everything. */
        BackingStore lose();
    }

    private static final StoreSpec<String, Counter> COUNTS = TestCodecs.spec("counts", StoreSpec.Kind.KEY_VALUE);
    private static final StoreSpec<String, Counter> WINDOWS = TestCodecs.spec("windows", StoreSpec.Kind.WINDOW);
    private static final UUID TOPIC = new UUID(3, 4);
    private static final int KEYS = 24;
    private static final int TIMES = 6;
    private static final long WINDOW_MS = 500;

    private final SplittableRandom random;
    private final Disk disk;
    private final MemoryBudget budget;
    private final List<BackingStore.Change> changelog = new ArrayList<>();
    private final List<BackingStore.Change> frozenChanges = new ArrayList<>();
    private final ArrayDeque<ShardState.Slice> taken = new ArrayDeque<>();
    private final ArrayDeque<ShardState.Slice> written = new ArrayDeque<>();

    private ModelState committed = new ModelState();
    private @Nullable ModelState frozen;
    private ModelState open = new ModelState();
    private long arrivals;
    private long timeFloor = -1500;

    private BackingStore backing;
    private HeapShardState shard;
    private KeyValueStore<String, Counter> counts;
    private WindowStore<String, Counter> windows;
    private MultimapStore<String, Counter> join;
    private TimerStore<String, Counter> timers;

    public ShardScenario(SplittableRandom random, Disk disk, MemoryBudget budget) {
        this.random = random;
        this.disk = disk;
        this.budget = budget;
        backing = disk.open();
        start();
    }

    private void start() {
        shard = new HeapShardState(backing, budget);
        counts = shard.keyValue(COUNTS);
        windows = shard.window(WINDOWS, WINDOW_MS);
        join = shard.multimap(TestCodecs.spec("join", StoreSpec.Kind.MULTIMAP));
        timers = shard.timers(TestCodecs.spec("timers", StoreSpec.Kind.TIMER));
    }

    public void run(int steps) throws Exception {
        for (int i = 0; i < steps; i++) {
            step();
        }
        verify();
        crash();
        verify();
        backing.close();
    }

    private void step() throws Exception {
        int choice = random.nextInt(100);
        if (choice < 30) {
            changeCounts();
        } else if (choice < 50) {
            changeWindows();
        } else if (choice < 62) {
            changeJoin();
        } else if (choice < 72) {
            changeTimers();
        } else if (choice < 80) {
            freezeOrCommit();
        } else if (choice < 82) {
            drop();
        } else if (choice < 94) {
            wayDown();
        } else if (choice < 98) {
            verify();
        } else if (choice < 99 || random.nextInt(4) > 0) {
            backing.flush();
        } else {
            crash();
        }
    }

    // ---- changes

    private void changeCounts() {
        String key = key();
        switch (random.nextInt(5)) {
            case 0 -> {
                counts.put(key, new Counter(1));
                open.counts.put(key, 1L);
            }
            case 1 -> assertThat(count(counts.delete(key))).isEqualTo(open.counts.remove(key));
            case 2 -> {
                assertThat(count(counts.get(key))).isEqualTo(open.counts.get(key));
            }
            default -> {
                Counter counter = counts.getForUpdate(key);
                if (counter == null) {
                    counter = new Counter(0);
                }
                counter.count++;
                counts.put(key, counter);
                assertThat(count(counter)).isEqualTo(open.counts.merge(key, 1L, Long::sum));
            }
        }
    }

    private void changeWindows() {
        String key = key();
        long start = time();
        switch (random.nextInt(8)) {
            case 0 -> {
                windows.put(key, start, new Counter(9));
                open.windows.put(at(start, key), 9L);
            }
            case 1 -> assertThat(count(windows.delete(key, start))).isEqualTo(open.windows.remove(at(start, key)));
            case 2 -> {
                windows.dropBelow(start);
                open.windows.headMap(at(start, ""), false).clear();
                timeFloor = Math.max(timeFloor, start - WINDOW_MS);
            }
            default -> {
                Counter counter = windows.getForUpdate(key, start);
                if (counter == null) {
                    counter = new Counter(0);
                }
                counter.count++;
                windows.put(key, start, counter);
                assertThat(count(counter)).isEqualTo(open.windows.merge(at(start, key), 1L, Long::sum));
            }
        }
        long first = open.windows.isEmpty()
                ? Long.MAX_VALUE
                : open.windows.firstKey().timeMs();
        assertThat(windows.firstStartMs()).isEqualTo(first);
    }

    private void changeJoin() {
        String key = key();
        long time = time();
        if (random.nextInt(6) == 0) {
            join.dropBelow(time);
            open.join.headMap(new TimeKey(time, "", Long.MIN_VALUE), false).clear();
        } else if (random.nextInt(4) == 0) {
            long[] arrival = {-1};
            join.range(key, time, time, (k, t, a, value) -> {
                arrival[0] = a;
                return false;
            });
            join.remove(key, time, arrival[0]);
            open.join.keySet().stream()
                    .filter(k -> k.timeMs() == time && k.key().equals(key))
                    .findFirst()
                    .ifPresent(open.join::remove);
        } else {
            long value = random.nextInt(1000);
            join.add(key, time, new Counter(value));
            open.join.put(new TimeKey(time, key, arrivals++), value);
        }
        assertThat(join.firstTimeMs())
                .isEqualTo(
                        open.join.isEmpty()
                                ? Long.MAX_VALUE
                                : open.join.firstKey().timeMs());
    }

    private void changeTimers() throws Exception {
        TimeKey key = at(time(), key());
        switch (random.nextInt(4)) {
            case 0 -> {
                timers.cancel(key.key(), key.timeMs());
                open.timers.remove(key);
            }
            case 1 -> {
                Map.Entry<TimeKey, Long> due = open.timers.firstEntry();
                boolean fired = timers.fireFirst(key.timeMs(), (k, time, value) -> {
                    assertThat(at(time, k)).isEqualTo(due.getKey());
                    assertThat(value.count).isEqualTo(due.getValue());
                    open.timers.remove(at(time, k));
                });
                assertThat(fired).isEqualTo(due != null && due.getKey().timeMs() <= key.timeMs());
            }
            default -> {
                long value = random.nextInt(1000);
                timers.set(key.key(), key.timeMs(), new Counter(value));
                open.timers.put(key, value);
            }
        }
    }

    // ---- epochs

    private void freezeOrCommit() {
        if (frozen == null) {
            shard.freeze();
            frozen = open.copy();
            frozenChanges.clear();
            shard.forEachFrozenChange((key, value) -> frozenChanges.add(new BackingStore.Change(key, value)));
        } else {
            changelog.addAll(frozenChanges);
            shard.commit(position(changelog.size()));
            committed = frozen;
            frozen = null;
        }
    }

    private void drop() {
        shard.dropUncommitted();
        frozen = null;
        open = committed.copy();
        verify();
    }

    // ---- the way down and back

    private void wayDown() {
        switch (random.nextInt(3)) {
            case 0 -> {
                ShardState.Slice slice = shard.takeSlice(1 + random.nextInt(200));
                if (slice != null) {
                    taken.add(slice);
                }
            }
            case 1 -> {
                ShardState.Slice slice = taken.poll();
                if (slice != null) {
                    backing.write(slice.changes(), slice.position());
                    written.add(slice);
                }
            }
            default -> {
                ShardState.Slice slice = written.poll();
                if (slice != null) {
                    shard.confirm(slice);
                }
            }
        }
    }

    private void crash() throws Exception {
        taken.clear();
        written.clear();
        shard.close();
        backing = random.nextInt(4) == 0 ? disk.lose() : disk.crash(random);
        frozen = null;
        open = committed.copy();
        start();
        StorePosition from = shard.position();
        if (from == null) {
            compact();
        }
        for (int offset = from == null ? 0 : (int) from.changelogOffset(); offset < changelog.size(); offset++) {
            BackingStore.Change change = changelog.get(offset);
            shard.restore(change.key(), change.value());
            if (random.nextInt(8) == 0) {
                wayDown();
            } else if (random.nextInt(16) == 0) {
                shard.restored(position(offset + 1));
            }
        }
        shard.restored(position(changelog.size()));
        verify();
    }

    /** As the cleaner would leave it when no store needs a tombstone; offsets begin anew. */
    private void compact() {
        Map<String, BackingStore.Change> last = new LinkedHashMap<>();
        for (BackingStore.Change change : changelog) {
            String key = HexFormat.of().formatHex(change.key());
            last.remove(key);
            if (change.value() != null) {
                last.put(key, change);
            }
        }
        changelog.clear();
        changelog.addAll(last.values());
    }

    // ---- comparison

    private void verify() {
        assertThat(allCounts(null, null)).isEqualTo(open.counts);
        String from = key();
        String to = key();
        if (from.compareTo(to) <= 0) {
            assertThat(allCounts(from, to)).isEqualTo(open.counts.subMap(from, true, to, true));
        }
        Map<TimeKey, Long> inWindows = new LinkedHashMap<>();
        windows.range(Long.MIN_VALUE, Long.MAX_VALUE, (key, start, value) -> {
            inWindows.put(at(start, key), value.count);
            return true;
        });
        assertThat(new ArrayList<>(inWindows.entrySet())).isEqualTo(new ArrayList<>(open.windows.entrySet()));
        verifyJoin();
        verifyView();
        for (int i = 0; i < KEYS; i++) {
            String key = "k" + i;
            assertThat(count(shard.committedValue(counts, key))).isEqualTo(committed.counts.get(key));
            long start = time();
            assertThat(count(shard.committedValue(windows, key, start)))
                    .isEqualTo(committed.windows.get(at(start, key)));
            TimeKey timer = at(start, key);
            assertThat(count(timers.get(key, start))).isEqualTo(open.timers.get(timer));
        }
        assertThat(timers.firstMs())
                .isEqualTo(
                        open.timers.isEmpty()
                                ? Long.MAX_VALUE
                                : open.timers.firstKey().timeMs());
    }

    /** The view shows the last commit, also while the stores write on. */
    private void verifyView() {
        CommittedViewResult result = shard.committedView(Long.MAX_VALUE);
        assertThat(result).isInstanceOf(CommittedViewResult.Viewed.class);
        try (CommittedView view = ((CommittedViewResult.Viewed) result).view()) {
            TreeMap<String, Long> inCounts = new TreeMap<>();
            view.range(COUNTS, null, null, (key, value) -> inCounts.put(key, value.count) == null);
            assertThat(inCounts).isEqualTo(committed.counts);
            String key = key();
            assertThat(count(view.value(COUNTS, key))).isEqualTo(committed.counts.get(key));
            Map<TimeKey, Long> inWindows = new LinkedHashMap<>();
            long from = time();
            long to = from + WINDOW_MS;
            view.windows(WINDOWS, from, to, (k, start, value) -> inWindows.put(at(start, k), value.count) == null);
            Map<TimeKey, Long> expected = committed.windows.subMap(at(from, ""), true, at(to + 1, ""), false);
            assertThat(new ArrayList<>(inWindows.entrySet())).isEqualTo(new ArrayList<>(expected.entrySet()));
            assertThat(count(view.value(WINDOWS, key, from))).isEqualTo(committed.windows.get(at(from, key)));
        }
    }

    private void verifyJoin() {
        List<String> all = new ArrayList<>();
        join.range(
                Long.MIN_VALUE, Long.MAX_VALUE, (key, time, arrival, value) -> all.add(line(key, time, value.count)));
        List<String> expected = new ArrayList<>();
        open.join.forEach((key, value) -> expected.add(line(key.key(), key.timeMs(), value)));
        assertThat(all).isEqualTo(expected);
        String one = key();
        List<String> ofOne = new ArrayList<>();
        join.range(one, -500, 500, (key, time, arrival, value) -> ofOne.add(line(key, time, value.count)));
        List<String> expectedOfOne = new ArrayList<>();
        open.join.forEach((key, value) -> {
            if (key.key().equals(one) && key.timeMs() >= -500 && key.timeMs() <= 500) {
                expectedOfOne.add(line(one, key.timeMs(), value));
            }
        });
        assertThat(ofOne).isEqualTo(expectedOfOne);
    }

    private TreeMap<String, Long> allCounts(@Nullable String from, @Nullable String to) {
        TreeMap<String, Long> all = new TreeMap<>();
        List<String> order = new ArrayList<>();
        counts.range(from, to, (key, value) -> {
            all.put(key, value.count);
            return order.add(key);
        });
        assertThat(order).isSorted().doesNotHaveDuplicates();
        return all;
    }

    private static String line(String key, long time, long value) {
        return time + key + "=" + value;
    }

    private static @Nullable Long count(@Nullable Counter counter) {
        return counter == null ? null : counter.count;
    }

    private String key() {
        return "k" + random.nextInt(KEYS);
    }

    private long time() {
        return timeFloor + WINDOW_MS * random.nextInt(TIMES);
    }

    private static StorePosition position(int offset) {
        return new StorePosition(TOPIC, offset, 0, offset);
    }
}
