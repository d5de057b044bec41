package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Members that read topics by a regular expression. */
final class RegexSubscriptionTest {

    private final ConsumerHarness group = new ConsumerHarness();

    private List<String> resolved() {
        return group.log().stream()
                .filter(ConsumerRecord.Regex.class::isInstance)
                .map(ConsumerRecord.Regex.class::cast)
                .map(regex -> regex.regex()
                        + (regex.resolved() == null ? " gone" : regex.resolved().topics()))
                .toList();
    }

    @Test
    void standsForTheTopicsWhoseWholeNameMatchesAndThatAreAllowed() {
        group.topic("tea", 2);
        group.topic("attic", 1);
        group.topic("secret-t", 1);
        TestConsumer one = group.consumer("a").readingBy("t.*|secret.*").beat();
        assertThat(one.partitions()).extracting(TopicPartition::topic).containsOnly("t", "tea");
        assertThat(one.count()).isEqualTo(6);
        assertThat(resolved()).containsExactly("t.*|secret.*[t, tea]");
    }

    @Test
    void isLookedUpAgainWhenTopicsComeAndGo() {
        TestConsumer one = group.consumer("a").readingBy("t.*").beat();
        group.topic("other", 1);
        one.beat();
        group.topic("tea", 2);
        assertThat(one.beat().count()).isEqualTo(6);
        group.topic("t", 0);
        assertThat(one.beat().count()).isEqualTo(2);
        assertThat(resolved()).containsExactly("t.*[t]", "t.*[t, tea]", "t.*[tea]");
    }

    @Test
    void isLookedUpAgainNowAndThenAndAtTheStartOfANode() {
        TestConsumer one = group.consumer("a").readingBy("t.*").beat();
        for (int ms = 0; ms <= 600_000; ms += 5_000) {
            group.pass(5_000);
            one.beat();
        }
        assertThat(resolved()).hasSize(2);
        group.topic("tea", 2);
        group.restart(true);
        assertThat(one.beat().count()).isEqualTo(6);
    }

    @Test
    void isForgottenWithItsLastReader() {
        TestConsumer one = group.consumer("a").readingBy("t.*").beat();
        TestConsumer two = group.consumer("b").readingBy("t.*").beat();
        two.leave();
        assertThat(resolved()).containsExactly("t.*[t]");
        one.readingBy("u.*").beat();
        assertThat(one.count()).isZero();
        assertThat(resolved()).containsExactly("t.*[t]", "u.*[]", "t.* gone");
        one.leave();
        assertThat(resolved()).endsWith("u.* gone");
    }

    @Test
    void isRefusedIfItIsNotOne() {
        assertThat(group.consumer("a").readingBy("(").tryBeat()).isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
        assertThat(group.consumer("a").readingBy("(a)\\1").tryBeat())
                .as("RE2 has no references back")
                .isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
        assertThat(group.consumer("a").readingBy("a".repeat(20_000)).tryBeat())
                .isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
        assertThat(group.log()).isEmpty();
    }

    @Test
    void isRefusedIfItTakesTooMuchToCompile() {
        for (String regex : List.of(
                "(".repeat(8_000) + "a" + ")".repeat(8_000),
                "(?:".repeat(201) + "a" + ")".repeat(201),
                "a{1000}".repeat(100),
                "((a{100}){10}b){100}",
                "[(]{900}".repeat(50))) {
            assertThat(group.consumer("a").readingBy(regex).tryBeat())
                    .as(regex)
                    .isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
        }
        assertThat(group.log()).isEmpty();
        String many = "(?:topic-\\d{1,9}|[a-z(){}]{3}|\\Q((((\\E)".repeat(100);
        assertThat(group.consumer("a").readingBy(many).tryBeat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void isKeptCompiledAsLongAsThereIsRoom() {
        RegexCache cache = new RegexCache();
        assertThat(cache.of("a+")).isSameAs(cache.of("a+"));
        for (int i = 0; i < 20; i++) {
            cache.of("x{999}".repeat(10) + i);
        }
        assertThat(cache.size()).isBetween(5, 15);
    }

    @Test
    void mixesWithNames() {
        group.topic("u", 2);
        TestConsumer one = group.consumer("a").readingBy("t").beat();
        TestConsumer two = group.consumer("b").reading("t", "u").beat();
        for (int i = 0; i < 3; i++) {
            one.beat();
            two.beat();
        }
        assertThat(Map.of("a", one.count(), "b", two.count())).isEqualTo(Map.of("a", 3, "b", 3));
        assertThat(two.owned().of(FakeTopics.id("u"))).hasSize(2);
    }
}
