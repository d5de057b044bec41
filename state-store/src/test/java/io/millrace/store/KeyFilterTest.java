package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyFilterTest {

    @Test
    void knowsAllThatWasPutInAndNothingElse() {
        KeyFilter filter = new KeyFilter();
        for (int i = 0; i < 1_000; i++) {
            filter.add(hash(i));
            filter.add(hash(i));
        }

        for (int i = 0; i < 2_000; i++) {
            assertThat(filter.mayContain(hash(i))).as("hash of " + i).isEqualTo(i < 1_000);
        }
        assertThat(filter.heapBytes()).isLessThan(1_000 * 20);
    }

    @Test
    void saysPerhapsToAllWhenItIsFull() {
        KeyFilter filter = new KeyFilter();
        for (int i = 0; i <= KeyFilter.HASHES_MAX; i++) {
            filter.add(hash(i));
        }

        assertThat(filter.mayContain(hash(-1))).isTrue();
        assertThat(filter.heapBytes()).isLessThan(1_000);
    }

    private static int hash(int number) {
        return NodeTable.hash("key-" + number);
    }
}
