package io.millrace.log;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Whether a storage may still be written: the first failure stays for good. Shared by all threads. */
final class StorageHealth {
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    void fail(String reason) {
        failure.compareAndSet(null, reason);
    }

    Optional<String> failure() {
        return Optional.ofNullable(failure.get());
    }

    void checkWritable(String operation, String path) {
        String reason = failure.get();
        if (reason != null) {
            throw new StorageException(
                    StorageException.Kind.FAILED,
                    "cannot " + operation + " " + path + ": the data directory failed earlier (" + reason
                            + "). Check the disk, then start the process again.",
                    null);
        }
    }
}
