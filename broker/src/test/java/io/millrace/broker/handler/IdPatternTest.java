package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.handler.IdPattern.InvalidPatternException;
import org.junit.jupiter.api.Test;

final class IdPatternTest {

    @Test
    void matchesWholeNamesOnly() throws Exception {
        assertThat(IdPattern.of("tx-.").matches("tx-1")).isTrue();
        assertThat(IdPattern.of("tx").matches("tx-1")).isFalse();
    }

    @Test
    void refusesWhatIsNoExpression() {
        assertThatThrownBy(() -> IdPattern.of("(")).isInstanceOf(InvalidPatternException.class);
    }

    @Test
    void refusesAnExpressionThatLooksAtANameForTooLong() throws Exception {
        IdPattern slow = IdPattern.of("a*a*a*a*b");
        assertThatThrownBy(() -> slow.matches("a".repeat(2_000)))
                .isInstanceOf(InvalidPatternException.class)
                .hasMessageContaining("too long");
    }
}
