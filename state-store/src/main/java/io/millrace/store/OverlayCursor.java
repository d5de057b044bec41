package io.millrace.store;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cursor with newer changes laid over it: a change hides the entry below, an empty one too. */
final class OverlayCursor implements BackingStore.Cursor {

    private final BackingStore.Cursor below;
    private final Iterator<Map.Entry<byte[], Optional<byte[]>>> above;
    private Map.@Nullable Entry<byte[], Optional<byte[]>> nextAbove;
    private boolean hasBelow;
    private byte[] key = {};
    private byte[] value = {};

    /** @param above changes in the range of the cursor below, by key; empty for a removed key */
    OverlayCursor(BackingStore.Cursor below, NavigableMap<byte[], Optional<byte[]>> above) {
        this.below = below;
        this.above = above.entrySet().iterator();
        hasBelow = below.next();
        stepAbove();
    }

    @Override
    public boolean next() {
        while (hasBelow || nextAbove != null) {
            int order = order();
            Map.Entry<byte[], Optional<byte[]>> change = nextAbove;
            boolean isFound;
            if (order < 0 || change == null) {
                key = below.key();
                value = below.value();
                isFound = true;
            } else {
                key = change.getKey();
                isFound = change.getValue().isPresent();
                value = change.getValue().orElse(value);
                stepAbove();
            }
            if (order <= 0) {
                hasBelow = below.next();
            }
            if (isFound) {
                return true;
            }
        }
        return false;
    }

    @Override
    public byte[] key() {
        return key;
    }

    @Override
    public byte[] value() {
        return value;
    }

    @Override
    public void close() {
        below.close();
    }

    /** Below zero if the entry below comes first, zero if it is hidden by the next change. */
    private int order() {
        if (nextAbove == null) {
            return -1;
        }
        return hasBelow ? Arrays.compareUnsigned(below.key(), nextAbove.getKey()) : 1;
    }

    private void stepAbove() {
        nextAbove = above.hasNext() ? above.next() : null;
    }
}
