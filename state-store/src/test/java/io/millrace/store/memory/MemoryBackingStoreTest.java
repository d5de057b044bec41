package io.millrace.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.BackingStore;
import io.millrace.store.BackingStoreContract;
import io.millrace.store.StorePosition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MemoryBackingStoreTest extends BackingStoreContract {

    private final MemoryBackingStore memory = new MemoryBackingStore();

    @Override
    protected BackingStore open() {
        return memory;
    }

    @Override
    protected BackingStore crash(BackingStore store, SplittableRandom random) {
        memory.crash(random);
        return memory;
    }

    @Test
    void aCrashCanFallBackToEveryBatchSinceTheFlush() {
        Set<Long> survivors = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            MemoryBackingStore store = new MemoryBackingStore();
            for (int batch = 1; batch <= 6; batch++) {
                store.write(List.of(), new StorePosition(new UUID(0, 0), batch, 0, 0));
                if (batch == 2) {
                    store.flush();
                }
            }
            store.crash(new SplittableRandom(seed));
            survivors.add(store.position().changelogOffset());
        }
        assertThat(survivors).containsExactlyInAnyOrder(2L, 3L, 4L, 5L, 6L);
    }
}
