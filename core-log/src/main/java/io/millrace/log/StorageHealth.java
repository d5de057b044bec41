package io.millrace.log;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a storage may still be written: the first failure stays for good. Shared by all threads. */
final class StorageHealth {
    private static final Logger LOG = LoggerFactory.getLogger(StorageHealth.class);

    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    void fail(String reason) {
        if (failure.compareAndSet(null, reason)) {
            LOG.error(
                    "the data directory is written to -> failed: {}. Check the disk, then start the process again",
                    reason);
        }
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
