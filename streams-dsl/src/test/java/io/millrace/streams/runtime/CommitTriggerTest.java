package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.JobOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When an epoch ends. The default interval is 10 ms, the share of the time a fifth. */
class CommitTriggerTest {

    private static final long MS = 1_000_000;

    private final CommitTrigger trigger = new CommitTrigger(JobOptions.DEFAULT);

    private boolean isDueAt(long ms) {
        return trigger.isDue(ms * MS, true, 0);
    }

    private void commit(long fromMs, long toMs) {
        trigger.worked(fromMs * MS);
        trigger.started(fromMs * MS);
        trigger.finished(toMs * MS);
        trigger.worked(toMs * MS);
    }

    @Test
    void leavesFourTimesTheDurationOfTheLastCommit() {
        commit(0, 20);

        assertThat(isDueAt(99)).isFalse();
        assertThat(isDueAt(100)).isTrue();
    }

    @Test
    void doesNotPauseForSecondsAfterOneSlowCommit() {
        commit(0, 3_000);

        assertThat(isDueAt(3_499)).isFalse();
        assertThat(isDueAt(3_500)).isTrue();
        assertThat(trigger.nextDeadlineNs(3_000 * MS)).isEqualTo(3_500 * MS);
    }

    @Test
    void pausesWithoutAnIntervalToo() {
        CommitTrigger eager = new CommitTrigger(JobOptions.DEFAULT.withCommitInterval(Duration.ZERO));
        eager.worked(0);
        eager.started(0);
        eager.finished(MS);
        eager.worked(MS);

        assertThat(eager.isDue(4 * MS, true, 0)).isFalse();
        assertThat(eager.isDue(5 * MS, true, 0)).isTrue();
    }
}
