package io.millrace.streams.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.Emit;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.Windowed;
import io.millrace.streams.Windows;
import io.millrace.streams.topology.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WindowedAggregateTest {

    private final TestJob job = new TestJob();
    private final String in = job.source("in");

    private void counted(Windows windows, Emit emit) {
        String count = job.add("count", new Operation.AggregateStream(TestAggregates.COUNT, windows, emit), in);
        String stream = job.add("stream", new Operation.TableToStream(), count);
        job.out(job.add(
                "named",
                new Operation.SelectKey((key, value) -> {
                    Windowed<?> windowed = (Windowed<?>) key;
                    return windowed.key() + "[" + windowed.startMs() + "," + windowed.endMs() + ")";
                }),
                stream));
    }

    private static Windows tumbling(long sizeMs, long graceMs) {
        return new Windows(sizeMs, sizeMs, graceMs);
    }

    @Test
    void countsInTumblingWindows() throws Exception {
        counted(tumbling(10, 0), Emit.onUpdate());

        job.pipe(in, "a", "x", 3).pipe(in, "a", "x", 9).pipe(in, "a", "x", 10).pipe(in, "b", "x", 12);

        assertThat(job.output()).containsExactly("a[0,10)=1@3", "a[0,10)=2@9", "a[10,20)=1@10", "b[10,20)=1@12");
    }

    @Test
    void updatesHoppingWindowsByAscendingStartAndNoneBefore1970() throws Exception {
        counted(new Windows(10, 4, 0), Emit.onUpdate());

        job.pipe(in, "a", "x", 5).pipe(in, "a", "x", 13);

        assertThat(job.output())
                .containsExactly("a[0,10)=1@5", "a[4,14)=1@5", "a[4,14)=2@13", "a[8,18)=1@13", "a[12,22)=1@13");
    }

    @Test
    void acceptsWhileTheEndIsBehindStreamTimeMinusGrace() throws Exception {
        counted(tumbling(10, 5), Emit.onUpdate());

        job.pipe(in, "a", "x", 14).pipe(in, "a", "x", 9);
        assertThat(job.output()).containsExactly("a[10,20)=1@14", "a[0,10)=1@9");
        job.pipe(in, "a", "x", 15).pipe(in, "a", "x", 9);

        assertThat(job.output()).containsExactly("a[10,20)=2@15");
        assertThat(job.drops).containsExactly("LATE a=x@9");
    }

    @Test
    void aRecordThatIsDroppedIsInNoneOfItsWindows() throws Exception {
        job.policy = ErrorPolicy.drop();
        String calls = job.add(
                "lists",
                new Operation.AggregateStream(TestAggregates.COLLECT, new Windows(10, 5, 100), Emit.onUpdate()),
                in);
        job.out(job.add("stream", new Operation.TableToStream(), calls));

        // The windows [5, 15) and [10, 20): the second one has something when the bad record comes.
        job.pipe(in, "a", "x", 16).pipe(in, "a", "bad second", 12).pipe(in, "a", "y", 13);

        assertThat(job.output())
                .extracting(row -> row.substring(row.indexOf("startMs=")))
                .containsExactly(
                        "startMs=10, endMs=20]=[x]@16",
                        "startMs=15, endMs=25]=[x]@16",
                        "startMs=5, endMs=15]=[y]@13",
                        "startMs=10, endMs=20]=[x, y]@16");
        assertThat(job.drops).containsExactly("PROCESSING a=bad second@12");
    }

    @Test
    void isLateOnceThoughAnotherWindowTookTheRecord() throws Exception {
        counted(new Windows(10, 5, 0), Emit.onUpdate());

        job.pipe(in, "a", "x", 12).pipe(in, "a", "x", 7);

        assertThat(job.output()).containsExactly("a[5,15)=1@12", "a[10,20)=1@12", "a[5,15)=2@12");
        assertThat(job.drops).containsExactly("LATE a=x@7");
    }

    @Test
    void movesStreamTimeByNullValuesButNotByNullKeys() throws Exception {
        counted(tumbling(10, 0), Emit.onUpdate());

        job.pipe(in, null, "x", 50).pipe(in, "a", "x", 5);
        assertThat(job.output()).containsExactly("a[0,10)=1@5");
        job.pipe(in, "a", null, 60).pipe(in, "a", "x", 5);

        assertThat(job.output()).isEmpty();
        assertThat(job.drops).containsExactly("NULL_KEY null=x@50", "NULL_VALUE a=null@60", "LATE a=x@5");
    }

    @Test
    void emitsEachWindowOnceWhenItClosesWhateverTheJump() throws Exception {
        counted(tumbling(10, 5), Emit.onWindowClose());

        job.pipe(in, "b", "x", 12).pipe(in, "a", "x", 3).pipe(in, "a", "x", 8).pipe(in, "a", "x", 11);
        assertThat(job.output()).isEmpty();
        job.pipe(in, "a", "x", 1_000_000);
        assertThat(job.output()).containsExactly("a[0,10)=2@8", "a[10,20)=1@11", "b[10,20)=1@12");
        job.pipe(in, "a", "x", 1_000_001);

        assertThat(job.output()).isEmpty();
    }

    @Test
    void closesWindowsWhenOnlyTheLimitOfStreamTimeRises() throws Exception {
        counted(tumbling(10, 0), Emit.onWindowClose());
        job.streamTime("count").limit(5);

        job.pipe(in, "a", "x", 3).pipe(in, "a", "x", 100);
        assertThat(job.output()).isEmpty();
        job.pipe(in, "a", "x", 4);
        assertThat(job.drops)
                .as("100 is ahead of what upstream has surely read")
                .isEmpty();
        job.streamTime("count").limit(Long.MAX_VALUE);
        job.advance();

        assertThat(job.output()).containsExactly("a[0,10)=2@4");
    }

    @Test
    void handsOnWhatWasPendingThoughTheWindowHasClosed() throws Exception {
        job.everyUpdate = false;
        counted(tumbling(10, 0), Emit.onUpdate());

        job.pipe(in, "a", "x", 3).pipe(in, "a", "x", 5).pipe(in, "b", "x", 100);
        job.commit();

        assertThat(job.output()).containsExactly("a[0,10)=2@5", "b[100,110)=1@100");
    }

    @Test
    void restoresOpenWindowsAfterAFailure() throws Exception {
        counted(tumbling(10, 0), Emit.onWindowClose());

        job.pipe(in, "a", "x", 3);
        job.commit();
        job.pipe(in, "a", "x", 4);
        job.fail();
        job.pipe(in, "a", "x", 20);

        assertThat(job.output()).containsExactly("a[0,10)=1@3");
    }

    @Test
    void emitsAtMostOncePerIntervalPerWindow() throws Exception {
        counted(tumbling(10, 0), Emit.onUpdateAtMost(Duration.ofMillis(4)));

        job.pipe(in, "a", "x", 0).pipe(in, "a", "x", 3).pipe(in, "a", "x", 9);
        assertThat(job.output()).containsExactly("a[0,10)=3@9");
        job.pipe(in, "a", "x", 9).pipe(in, "b", "x", 40);

        assertThat(job.output()).as("held beyond the close of its window").containsExactly("a[0,10)=4@9");
    }

    @Test
    void agreesWithANaiveModelOnDisorder() throws Exception {
        for (int round = 0; round < 40; round++) {
            long seed = 1000 + round;
            Random random = new Random(seed);
            long size = 1 + random.nextInt(20);
            Windows windows = new Windows(size, 1 + random.nextInt((int) size), random.nextInt(15));
            compareWithModel(random, windows, "seed " + seed);
        }
    }

    private static void compareWithModel(Random random, Windows windows, String about) throws Exception {
        WindowedAggregateTest updates = new WindowedAggregateTest();
        updates.counted(windows, Emit.onUpdate());
        WindowedAggregateTest finals = new WindowedAggregateTest();
        finals.counted(windows, Emit.onWindowClose());
        List<String> expectedUpdates = new ArrayList<>();
        List<String> expectedFinals = new ArrayList<>();
        Map<Long, Map<String, long[]>> open = new TreeMap<>();
        long now = Long.MIN_VALUE;
        long clock = 0;
        for (int i = 0; i < 200; i++) {
            clock += random.nextInt(6);
            long ts = Math.max(0, clock - random.nextInt(40));
            String key = "k" + random.nextInt(3);
            updates.job.pipe(updates.in, key, "x", ts);
            finals.job.pipe(finals.in, key, "x", ts);
            if (random.nextInt(10) == 0) {
                updates.job.commit();
                finals.job.commit();
            }

            now = Math.max(now, ts);
            for (long start = 0; start <= ts; start += windows.advanceMs()) {
                if (start + windows.sizeMs() > ts && start + windows.sizeMs() > now - windows.graceMs()) {
                    long[] row =
                            open.computeIfAbsent(start, s -> new TreeMap<>()).computeIfAbsent(key, k -> new long[2]);
                    row[0]++;
                    row[1] = Math.max(row[1], ts);
                    expectedUpdates.add(text(key, start, windows, row));
                }
            }
            for (long start : new TreeSet<>(open.keySet())) {
                if (start + windows.sizeMs() <= now - windows.graceMs()) {
                    open.remove(start).forEach((k, row) -> expectedFinals.add(text(k, start, windows, row)));
                }
            }
        }
        assertThat(updates.job.output()).as(about).isEqualTo(expectedUpdates);
        assertThat(finals.job.output()).as(about).isEqualTo(expectedFinals);
    }

    private static String text(String key, long start, Windows windows, long[] row) {
        return key + "[" + start + "," + (start + windows.sizeMs()) + ")=" + row[0] + "@" + row[1];
    }
}
