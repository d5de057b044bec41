package io.millrace.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Answer;
import org.junit.jupiter.api.Test;

class FramePaceTest {

    private static final long START_MS = 1_000;
    private static final long END_MS = START_MS + FramePace.WINDOW_MS;

    private final FramePace pace = new FramePace();

    @Test
    void aHalfReadRequestThatDoesNotComeOnIsTooSlowWhenItsTimeIsOver() {
        assertThat(pace.isTooSlow(true, 100, START_MS)).isFalse();
        assertThat(pace.deadlineMs()).isEqualTo(END_MS);
        assertThat(pace.isTooSlow(true, 100, END_MS - 1)).isFalse();
        assertThat(pace.isTooSlow(true, 100 + FramePace.BYTES_MIN - 1, END_MS)).isTrue();
    }

    @Test
    void whoSendsEnoughHasTheSameTimeAgain() {
        pace.isTooSlow(true, 100, START_MS);
        assertThat(pace.isTooSlow(true, 100 + FramePace.BYTES_MIN, END_MS)).isFalse();
        assertThat(pace.isTooSlow(true, 101 + FramePace.BYTES_MIN, END_MS + FramePace.WINDOW_MS))
                .isTrue();
    }

    @Test
    void whoIsNotAwaitedHasAllTime() {
        pace.isTooSlow(true, 100, START_MS);
        assertThat(pace.isTooSlow(false, 100, END_MS)).isFalse();
        assertThat(pace.deadlineMs()).isEqualTo(Answer.NO_DEADLINE);
        assertThat(pace.isTooSlow(true, 100, END_MS + 1)).as("begins anew").isFalse();
    }
}
