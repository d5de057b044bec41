package io.millrace.store;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue from one thread to another. An empty slot means "yours" to the producer, a full one to the consumer; the
 * release write of a slot publishes what its item refers to, and no counter is shared.
 */
final class HandOff<T> {

    private final AtomicReferenceArray<@Nullable T> slots;

    /** The producer's. */
    private int tail;

    /** The consumer's. */
    private int head;

    HandOff(int itemsMax) {
        slots = new AtomicReferenceArray<>(itemsMax);
    }

    /** Producer only. Returns whether there was room. */
    boolean offer(T item) {
        if (slots.getAcquire(tail) != null) {
            return false;
        }
        slots.setRelease(tail, item);
        tail = tail + 1 == slots.length() ? 0 : tail + 1;
        return true;
    }

    /** Producer only. */
    boolean hasRoom() {
        return slots.getAcquire(tail) == null;
    }

    /** Consumer only. Null if nothing is there. */
    @Nullable
    T poll() {
        T item = slots.getAcquire(head);
        if (item != null) {
            slots.setRelease(head, null);
            head = head + 1 == slots.length() ? 0 : head + 1;
        }
        return item;
    }
}
