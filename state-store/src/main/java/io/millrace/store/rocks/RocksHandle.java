package io.millrace.store.rocks;

import io.millrace.store.DamagedStoreException;
import io.millrace.store.StateStoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * Keeps a database and what belongs to it open while anyone uses it, and closes all of it in order when the last user lets
 * go: a native iterator that outlives its database would take the process down. Any thread may retain and release.
 *
 * <p>Also knows whether the database can still be trusted, which a view may be the first to find out.
 */
final class RocksHandle {

    private final Path directory;
    private final RocksDB db;
    private final List<? extends AbstractNativeReference> parts;
    private final Options options;
    private final AtomicInteger users = new AtomicInteger(1);

    /** The first one, whichever thread met it: after it, nobody but an open view gets anything from the database. */
    private final AtomicReference<@Nullable StateStoreException> failure = new AtomicReference<>();

    /** @param parts closed in this order, before the database */
    RocksHandle(Path directory, RocksDB db, List<? extends AbstractNativeReference> parts, Options options) {
        this.directory = directory;
        this.db = db;
        this.parts = parts;
        this.options = options;
    }

    /** The database, which stays open until {@link #release}. */
    RocksDB retain() {
        int before = users.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        if (before == 0) {
            throw new StateStoreException("The state in " + directory + " is closed.");
        }
        return db;
    }

    /** Whether somebody has retained the database and not let it go. */
    boolean isUsed() {
        return users.get() > 0;
    }

    /** Why the database is not to be used any more, null if it is. */
    @Nullable
    StateStoreException failure() {
        return failure.get();
    }

    /** What to throw after a call has failed; what fails first is remembered. */
    StateStoreException failed(String what, RocksDBException cause) {
        StateStoreException exception = exception(directory, "could not be " + what, cause);
        failure.compareAndSet(null, exception);
        return exception;
    }

    static StateStoreException exception(Path directory, String what, RocksDBException cause) {
        String message = "The state in " + directory + " ";
        Status status = cause.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption
                ? new DamagedStoreException(message + "is damaged and " + what + ": " + cause.getMessage(), cause)
                : new StateStoreException(message + what + ": " + cause.getMessage(), cause);
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            parts.forEach(AbstractNativeReference::close);
            db.close();
            options.close();
        }
    }
}
