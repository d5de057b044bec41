package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.FaultyLogStorage.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AbortedIndexTest {

    private static final int COUNT = 1_000;

    @Test
    void readsNoFurtherThanItHasTo() {
        FaultyLogStorage storage = new FaultyLogStorage(new MemoryLogStorage());
        AbortedIndex index = new AbortedIndex(storage, "0.txnindex");
        for (int i = 0; i < COUNT; i++) {
            index.append(new AbortedTransaction(7, 10L * i, 10L * i + 5, 10L * i + 6));
        }
        assertThat(index.all()).hasSize(COUNT);

        for (int i = 0; i < COUNT; i += 37) {
            long before = storage.count(Operation.READ);
            List<AbortedTransaction> found = new ArrayList<>();
            assertThat(index.collect(10L * i, 10L * i + 3, found)).isTrue();

            assertThat(found).containsExactly(new AbortedTransaction(7, 10L * i, 10L * i + 5, 10L * i + 6));
            assertThat(storage.count(Operation.READ) - before).isEqualTo(1 + i / 240);
        }
        assertThat(index.collect(10L * COUNT, Long.MAX_VALUE, new ArrayList<>()))
                .isFalse();
    }
}
