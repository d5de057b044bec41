package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How much memory a map of keys takes, and how much it holds. */
class KeyOffsetsTest {

    private static boolean put(KeyOffsets keys, int key) {
        byte[] bytes = ("key" + key).getBytes(StandardCharsets.UTF_8);
        return keys.put(bytes, 0, bytes.length, key);
    }

    @Test
    void takesMemoryForTheKeysThereCanBe() {
        for (int count : new int[] {1, 9, 10, 11, 100, 1_000, 12_345}) {
            KeyOffsets keys = new KeyOffsets(count, Compaction.MAP_BYTES);
            for (int i = 0; i < count; i++) {
                assertThat(put(keys, i)).as("key %d of %d", i, count).isTrue();
            }
            assertThat(keys.memoryBytes()).isLessThan(500 + 27L * count);
        }
    }

    @Test
    void takesNoMoreThanItMay() {
        KeyOffsets keys = new KeyOffsets(Long.MAX_VALUE, 24_000);
        int count = 0;
        while (put(keys, count)) {
            count++;
        }
        assertThat(keys.memoryBytes()).isLessThanOrEqualTo(24_000);
        assertThat(count).isEqualTo(900);
    }
}
