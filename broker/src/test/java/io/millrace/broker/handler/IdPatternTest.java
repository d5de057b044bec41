package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
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
    void refusesAnExpressionThatIsTooLongOrTooDeep() {
        assertThatThrownBy(() -> IdPattern.of("a".repeat(IdPattern.CHARS_MAX + 1)))
                .isInstanceOf(InvalidPatternException.class)
                .hasMessageContaining("more than 4096");
        String deep = "(".repeat(2_000) + "a" + ")".repeat(2_000);
        for (String suffix : new String[] {"", "{2}", "*"}) {
            assertThatCode(() -> {
                        try {
                            IdPattern.of(deep + suffix).matches("a");
                        } catch (InvalidPatternException refused) {
                            assertThat(refused).hasMessageNotContaining("StackOverflow");
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void refusesAnExpressionThatLooksAtANameForTooLong() throws Exception {
        IdPattern slow = IdPattern.of("a*a*a*a*b");
        assertThatThrownBy(() -> slow.matches("a".repeat(2_000)))
                .isInstanceOf(InvalidPatternException.class)
                .hasMessageContaining("too long");
    }
}
