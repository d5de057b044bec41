package io.millrace.streams.runtime;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the log that depend on each other, one at a time: what an answer leads to goes before the rest. Owned by the
 * I/O agent.
 */
final class RequestChain {

    private interface Link {
        /** Asks, the first time; returns whether it did. */
        boolean begin();

        boolean isAnswered();

        void handle();
    }

    private record Until(BooleanSupplier isSo) implements Link {
        @Override
        public boolean begin() {
            return false;
        }

        @Override
        public boolean isAnswered() {
            return isSo.getAsBoolean();
        }

        @Override
        public void handle() {}
    }

    /** Asked once, looked at until it is answered. */
    private static final class Request<T> implements Link {
        private final Supplier<Pending<T>> request;
        private final Consumer<? super T> then;
        private final Predicate<ErrorCode> tolerated;
        private @Nullable Pending<T> pending;

        Request(Supplier<Pending<T>> request, Consumer<? super T> then, Predicate<ErrorCode> tolerated) {
            this.request = request;
            this.then = then;
            this.tolerated = tolerated;
        }

        @Override
        public boolean begin() {
            boolean isFirst = pending == null;
            if (isFirst) {
                pending = request.get();
            }
            return isFirst;
        }

        @Override
        public boolean isAnswered() {
            return pending != null && pending.isDone();
        }

        @Override
        public void handle() {
            Pending<T> answered = pending;
            if (answered != null && !(answered.isFailed() && tolerated.test(answered.error()))) {
                then.accept(answered.value());
            }
        }
    }

    private final ArrayDeque<Link> links = new ArrayDeque<>();
    private List<Link> added = new ArrayList<>();

    /** @param then is given the answer; a refusal is thrown from {@link #step} */
    <T> void ask(Supplier<Pending<T>> request, Consumer<? super T> then) {
        ask(request, then, error -> false);
    }

    /** @param tolerated refusals that end the request without an answer */
    <T> void ask(Supplier<Pending<T>> request, Consumer<? super T> then, Predicate<ErrorCode> tolerated) {
        added.add(new Request<>(request, then, tolerated));
    }

    /** Does something when everything before is answered. */
    void then(Runnable action) {
        ask(() -> Pending.<Boolean>succeeded(true), done -> action.run());
    }

    /** Waits; what is asked for is looked at in each step. */
    void until(BooleanSupplier isSo) {
        added.add(new Until(isSo));
    }

    /** Goes as far as the answers allow. Returns how many came, and how many requests went. */
    int step() {
        int work = 0;
        insertAdded();
        for (Link first = links.peekFirst(); first != null; first = links.peekFirst()) {
            work += first.begin() ? 1 : 0;
            if (!first.isAnswered()) {
                return work;
            }
            links.removeFirst();
            first.handle();
            insertAdded();
            work++;
        }
        return work;
    }

    private void insertAdded() {
        for (int i = added.size() - 1; i >= 0; i--) {
            links.addFirst(added.get(i));
        }
        added = new ArrayList<>();
    }

    boolean isDone() {
        return links.isEmpty() && added.isEmpty();
    }
}
