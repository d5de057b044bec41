package io.millrace.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The independent answer is itself held to the totals that were counted by hand when the data was chosen. */
class SqlAnswerIT {

    @Test
    void findsTheKnownTotals(@TempDir Path scratch) throws Exception {
        var answer = SqlAnswer.compute(scratch);

        assertThat(answer.delayedCount()).isEqualTo(104_189);
        assertThat(answer.board()).hasSize(18_141);
        assertThat(answer.pairs()).hasSize(1_381);
        assertThat(answer.pairs().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(568_584);
    }
}
