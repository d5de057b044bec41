package io.millrace.streams.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.JoinWindows;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.JoinKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamStreamJoinTest {

    private final TestJob job = new TestJob();
    private final String left = job.source("l");
    private final String right = job.source("r");

    private void joined(JoinKind kind, long beforeMs, long afterMs, long graceMs) {
        job.out(job.add(
                "join",
                new Operation.JoinStreamStream(
                        (l, r) -> l + "+" + r, kind, new JoinWindows(beforeMs, afterMs, graceMs)),
                left,
                right));
    }

    @Test
    void matchesAtOnceWithinTheWindowInclusive() throws Exception {
        joined(JoinKind.INNER, 5, 3, 0);

        job.pipe(right, "a", "r95", 95).pipe(right, "a", "r94", 94).pipe(left, "a", "l", 100);
        job.pipe(right, "a", "r103", 103).pipe(right, "a", "r104", 104).pipe(right, "b", "r103", 103);

        assertThat(job.output()).containsExactly("a=l+r95@100", "a=l+r103@103");
    }

    @Test
    void matchesByTimeThenArrival() throws Exception {
        joined(JoinKind.INNER, 10, 10, 0);

        job.pipe(right, "a", "r1", 6)
                .pipe(right, "a", "r2", 5)
                .pipe(right, "a", "r3", 6)
                .pipe(left, "a", "l", 7);

        assertThat(job.output()).containsExactly("a=l+r2@7", "a=l+r1@7", "a=l+r3@7");
    }

    @Test
    void aPairThatIsDroppedLeavesBothRecordsToOtherPairs() throws Exception {
        job.policy = ErrorPolicy.drop();
        job.out(job.add(
                "join",
                new Operation.JoinStreamStream(
                        (l, r) -> {
                            if ("bad".equals(l) && "r1".equals(r)) {
                                throw new IllegalStateException("a bad pair");
                            }
                            return l + "+" + r;
                        },
                        JoinKind.OUTER,
                        new JoinWindows(10, 10, 0)),
                left,
                right));

        job.pipe(right, "a", "r1", 1).pipe(left, "a", "bad", 2);
        job.pipe(right, "a", "r2", 3).pipe(left, "a", "good", 4);
        job.pipe(left, "z", "later", 99);

        assertThat(job.drops).containsExactly("PROCESSING a=bad@2");
        assertThat(job.output()).containsExactly("a=bad+r2@3", "a=good+r1@4", "a=good+r2@4");
    }

    @Test
    void emitsAnUnmatchedRecordOnceWhenNoPartnerCanCome() throws Exception {
        joined(JoinKind.LEFT, 5, 3, 2);

        job.pipe(left, "a", "l", 100).pipe(right, "b", "r", 105);
        assertThat(job.output()).as("not yet: 105 = 100 + after + grace").isEmpty();
        job.pipe(right, "b", "r", 106).pipe(right, "b", "r", 110);

        assertThat(job.output()).containsExactly("a=l+null@100");
    }

    @Test
    void waitsForRightRecordsByBefore() throws Exception {
        joined(JoinKind.OUTER, 5, 3, 2);

        job.pipe(right, "a", "r", 100).pipe(left, "b", "l", 107);
        assertThat(job.output()).isEmpty();
        job.pipe(left, "b", "l", 108);

        assertThat(job.output()).containsExactly("a=null+r@100");
    }

    @Test
    void emitsWhatIsDueByTimeRightFirstBeforeTheRecordThatMovedTimeIsMatched() throws Exception {
        joined(JoinKind.OUTER, 5, 5, 0);

        job.pipe(left, "a", "l2", 2)
                .pipe(left, "b", "l1", 1)
                .pipe(right, "c", "r2", 2)
                .pipe(right, "d", "r95", 95);
        assertThat(job.output()).containsExactly("b=l1+null@1", "c=null+r2@2", "a=l2+null@2");
        job.pipe(right, "e", "r97", 97).pipe(left, "e", "l101", 101);

        assertThat(job.output()).containsExactly("d=null+r95@95", "e=l101+r97@101");
    }

    @Test
    void keepsWaitingForOutOfOrderRecordsWhileGraceIsOpen() throws Exception {
        joined(JoinKind.LEFT, 5, 5, 20);

        job.pipe(right, "x", "r", 50).pipe(left, "a", "l", 40);
        assertThat(job.output()).as("its window has passed, its grace has not").isEmpty();
        job.pipe(right, "a", "late", 44);

        assertThat(job.output()).containsExactly("a=l+late@44");
        job.pipe(right, "x", "r", 90);
        assertThat(job.output()).isEmpty();
    }

    @Test
    void emitsAnOutOfOrderRecordAtOnceIfItsGraceIsOver() throws Exception {
        joined(JoinKind.LEFT, 10, 5, 0);

        job.pipe(right, "x", "r", 50).pipe(left, "a", "l", 40);

        assertThat(job.output()).containsExactly("a=l+null@40");
    }

    @Test
    void dropsWhatIsOlderThanTheWindowAndGraceAsLate() throws Exception {
        joined(JoinKind.LEFT, 5, 5, 10);

        job.pipe(right, "a", "r", 100).pipe(left, "a", "l", 79);

        assertThat(job.output()).isEmpty();
        assertThat(job.drops).containsExactly("LATE a=l@79");
    }

    @Test
    void treatsANullKeyAsUnmatchedAtOnceOnlyOnTheSidesThatShowAll() throws Exception {
        joined(JoinKind.LEFT, 5, 5, 0);

        job.pipe(left, null, "l", 100).pipe(right, null, "r", 101).pipe(left, "a", null, 102);

        assertThat(job.output()).containsExactly("null=l+null@100");
        assertThat(job.drops).containsExactly("NULL_KEY null=r@101", "NULL_VALUE a=null@102");
    }

    @Test
    void movesStreamTimeByRecordsItCannotMatch() throws Exception {
        joined(JoinKind.LEFT, 5, 5, 0);

        job.pipe(left, null, "l", 100).pipe(right, "a", "r", 89);

        assertThat(job.drops).containsExactly("LATE a=r@89");
    }

    @Test
    void leavesWhatIsDueToTheNextRecordThatIsNewest() throws Exception {
        joined(JoinKind.LEFT, 5, 5, 10);

        job.pipe(left, "a", "l", 100).pipe(left, null, "n", 116).pipe(right, "a", "r", 99);
        assertThat(job.output())
                .as("a null key moves time but sends nothing away")
                .containsExactly("null=n+null@116", "a=l+r@100");
        job.pipe(left, "b", "l", 100).pipe(right, "c", "r", 130);

        assertThat(job.output()).containsExactly("b=l+null@100");
    }

    @Test
    void emitsWhatIsDueWhenOnlyTheLimitOfStreamTimeRises() throws Exception {
        joined(JoinKind.LEFT, 5, 5, 0);
        job.streamTime("join").limit(3);

        job.pipe(left, "a", "l", 1).pipe(right, "b", "r", 50);
        job.advance();
        assertThat(job.output()).isEmpty();
        job.streamTime("join").limit(Long.MAX_VALUE);
        job.advance();

        assertThat(job.output()).containsExactly("a=l+null@1");
    }

    @Test
    void joinsAStreamWithItself() throws Exception {
        job.out(job.add(
                "join",
                new Operation.JoinStreamStream((l, r) -> l + "+" + r, JoinKind.INNER, new JoinWindows(5, 5, 0)),
                left,
                left));

        job.pipe(left, "a", "1", 1).pipe(left, "a", "2", 2);

        assertThat(job.output()).containsExactly("a=1+1@1", "a=2+1@2", "a=1+2@2", "a=2+2@2");
    }

    @Test
    void goesBackToTheLastCommit() throws Exception {
        joined(JoinKind.LEFT, 5, 5, 0);

        job.pipe(left, "a", "l1", 1);
        job.commit();
        job.pipe(right, "a", "r", 2).pipe(left, "b", "l2", 3);
        job.fail();
        job.output();
        job.pipe(left, "x", "l3", 20);

        assertThat(job.output()).containsExactly("a=l1+null@1");
    }

    private record Fact(boolean isLeft, String key, String value, long ts) {}

    /** In order, or out of order by no more than the grace: then the join is exactly the relational one. */
    @ParameterizedTest
    @EnumSource(JoinKind.class)
    void isTheRelationalJoinWithinTheGrace(JoinKind kind) throws Exception {
        for (int round = 0; round < 30; round++) {
            long seed = 77 + round;
            Random random = new Random(seed);
            StreamStreamJoinTest test = new StreamStreamJoinTest();
            long before = 1 + random.nextInt(10);
            long after = 1 + random.nextInt(10);
            int grace = random.nextInt(10);
            test.joined(kind, before, after, grace);
            List<Fact> facts = new ArrayList<>();
            long clock = 100;
            for (int i = 0; i < 150; i++) {
                clock += random.nextInt(4);
                long ts = clock - random.nextInt(grace + 1);
                facts.add(new Fact(random.nextBoolean(), "k" + random.nextInt(4), "v" + i, ts));
            }
            for (Fact fact : facts) {
                test.job.pipe(fact.isLeft() ? test.left : test.right, fact.key(), fact.value(), fact.ts());
                if (random.nextInt(10) == 0) {
                    test.job.commit();
                }
            }
            test.job.pipe(test.left, "end", "end", clock + 1_000).pipe(test.right, "end", "end", clock + 1_000);

            List<String> expected = relational(kind, facts, before, after);
            expected.add("end=end+end@" + (clock + 1_000));
            assertThat(test.job.output()).as("seed " + seed).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(test.job.drops).as("seed " + seed).isEmpty();
        }
    }

    private static List<String> relational(JoinKind kind, List<Fact> facts, long before, long after) {
        List<String> result = new ArrayList<>();
        for (Fact one : facts) {
            boolean matched = false;
            for (Fact other : facts) {
                Fact left = one.isLeft() ? one : other;
                Fact right = one.isLeft() ? other : one;
                if (one.isLeft() != other.isLeft()
                        && one.key().equals(other.key())
                        && left.ts() - before <= right.ts()
                        && right.ts() <= left.ts() + after) {
                    matched = true;
                    if (one.isLeft()) {
                        result.add(one.key() + "=" + left.value() + "+" + right.value() + "@"
                                + Math.max(left.ts(), right.ts()));
                    }
                }
            }
            if (!matched && one.isLeft() && kind != JoinKind.INNER) {
                result.add(one.key() + "=" + one.value() + "+null@" + one.ts());
            }
            if (!matched && !one.isLeft() && kind == JoinKind.OUTER) {
                result.add(one.key() + "=null+" + one.value() + "@" + one.ts());
            }
        }
        return result;
    }

    /** Any disorder, against a model that keeps everything in lists and says what it shows by the rules alone. */
    @ParameterizedTest
    @EnumSource(JoinKind.class)
    void agreesWithANaiveModelOnAnyDisorder(JoinKind kind) throws Exception {
        for (int round = 0; round < 30; round++) {
            long seed = 9_000 + round;
            Random random = new Random(seed);
            StreamStreamJoinTest test = new StreamStreamJoinTest();
            JoinModel model =
                    new JoinModel(kind, new JoinWindows(random.nextInt(10), random.nextInt(10), random.nextInt(10)));
            test.joined(kind, model.windows.beforeMs(), model.windows.afterMs(), model.windows.graceMs());
            long clock = 100;
            for (int i = 0; i < 200; i++) {
                clock += random.nextInt(4);
                long ts = clock - random.nextInt(random.nextInt(4) == 0 ? 50 : 5);
                boolean isLeft = random.nextBoolean();
                String key = "k" + random.nextInt(3);
                test.job.pipe(isLeft ? test.left : test.right, key, "v" + i, ts);
                model.arrive(isLeft, key, "v" + i, ts);
                if (random.nextInt(10) == 0) {
                    test.job.commit();
                }
                assertThat(test.job.output())
                        .as("seed " + seed + " record " + i)
                        .isEqualTo(model.take());
            }
        }
    }

    private static final class JoinModel {
        final JoinKind kind;
        final JoinWindows windows;
        final long retention;
        final List<Fact> all = new ArrayList<>();
        final List<Fact> waiting = new ArrayList<>();
        final List<String> out = new ArrayList<>();
        long now = Long.MIN_VALUE;

        JoinModel(JoinKind kind, JoinWindows windows) {
            this.kind = kind;
            this.windows = windows;
            this.retention = windows.beforeMs() + windows.afterMs() + windows.graceMs();
        }

        List<String> take() {
            List<String> taken = List.copyOf(out);
            out.clear();
            return taken;
        }

        void arrive(boolean isLeft, String key, String value, long ts) {
            Fact fact = new Fact(isLeft, key, value, ts);
            now = Math.max(now, ts);
            if (ts < now - retention) {
                return;
            }
            if (ts == now) {
                List<Fact> due = waiting.stream()
                        .filter(this::isDue)
                        .sorted(Comparator.comparingLong(Fact::ts).thenComparing(Fact::isLeft))
                        .toList();
                due.forEach(this::alone);
                waiting.removeAll(due);
            }
            long newestOther = all.stream()
                    .filter(f -> f.isLeft() != isLeft)
                    .mapToLong(Fact::ts)
                    .max()
                    .orElse(0);
            List<Fact> partners = all.stream()
                    .filter(f -> f.isLeft() != isLeft && f.key().equals(key))
                    .filter(f -> f.ts() > newestOther - retention)
                    .filter(f -> {
                        long leftTs = isLeft ? ts : f.ts();
                        long rightTs = isLeft ? f.ts() : ts;
                        return leftTs - windows.beforeMs() <= rightTs && rightTs <= leftTs + windows.afterMs();
                    })
                    .sorted(Comparator.comparingLong(Fact::ts))
                    .toList();
            for (Fact partner : partners) {
                waiting.removeIf(f -> f.isLeft() != isLeft && f.key().equals(key) && f.ts() == partner.ts());
                Fact left = isLeft ? fact : partner;
                Fact right = isLeft ? partner : fact;
                out.add(key + "=" + left.value() + "+" + right.value() + "@" + Math.max(ts, partner.ts()));
            }
            if (partners.isEmpty() && (isLeft ? kind != JoinKind.INNER : kind == JoinKind.OUTER)) {
                if (isDue(fact)) {
                    alone(fact);
                } else {
                    waiting.add(fact);
                }
            }
            all.add(fact);
        }

        private boolean isDue(Fact fact) {
            return now > fact.ts() + (fact.isLeft() ? windows.afterMs() : windows.beforeMs()) + windows.graceMs();
        }

        private void alone(Fact fact) {
            out.add(fact.key() + "=" + (fact.isLeft() ? fact.value() + "+null" : "null+" + fact.value()) + "@"
                    + fact.ts());
        }
    }
}
