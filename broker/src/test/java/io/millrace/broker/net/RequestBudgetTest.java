package io.millrace.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kernel.Signal;
import org.junit.jupiter.api.Test;

class RequestBudgetTest {

    private final RequestBudget budget = new RequestBudget(100);
    private int raised;
    private final Signal signal = () -> raised++;

    @Test
    void whatIsUsedUpIsRefusedUntilSomebodyGivesBack() {
        assertThat(budget.take("a", 90, signal)).isTrue();
        assertThat(budget.take("b", 90, signal)).isTrue();
        assertThat(budget.take("a", 1, signal)).as("a is favoured").isTrue();
        assertThat(budget.take("b", 1, signal)).isFalse();
        assertThat(raised).isZero();

        budget.give("b", 90, true);
        assertThat(raised).isOne();
        assertThat(budget.usedBytes()).isEqualTo(91);
        assertThat(budget.take("b", 1, signal)).isTrue();
    }

    @Test
    void oneAtATimeGoesOnAlthoughAllIsUsedUpAndAnotherOneWhenItIsDone() {
        budget.take("a", 60, signal);
        budget.take("b", 60, signal);
        assertThat(budget.take("b", 60, signal)).isTrue();
        assertThat(budget.take("a", 60, signal)).isFalse();

        budget.give("b", 120, true);
        assertThat(raised).isOne();
        assertThat(budget.take("a", 60, signal)).isTrue();
        assertThat(budget.take("b", 60, signal))
                .as("now it is the turn of b again")
                .isTrue();
        assertThat(budget.take("a", 60, signal)).isFalse();
    }

    @Test
    void aLittleIsTakenAnywayAndNobodyWaitsForIt() {
        budget.take("a", 100, signal);
        budget.take("a", 1, signal);
        assertThat(budget.takeAnyway(5)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(106);
        assertThat(budget.isWanted()).isFalse();

        assertThat(budget.take("b", 1, signal)).isFalse();
        assertThat(budget.isWanted()).isTrue();
        budget.give("a", 101, true);
        assertThat(budget.isWanted()).as("b has been told").isFalse();
    }
}
