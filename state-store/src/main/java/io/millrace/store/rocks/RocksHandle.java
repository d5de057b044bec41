package io.millrace.store.rocks;

import io.millrace.store.StateStoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/**
 * Keeps a database and what belongs to it open while anyone uses it, and closes all of it in order when the last user lets
 * go: a native iterator that outlives its database would take the process down. Any thread may retain and release.
 */
final class RocksHandle {

    private final Path directory;
    private final RocksDB db;
    private final List<? extends AbstractNativeReference> parts;
    private final Options options;
    private final AtomicInteger users = new AtomicInteger(1);

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

    void release() {
        if (users.decrementAndGet() == 0) {
            parts.forEach(AbstractNativeReference::close);
            db.close();
            options.close();
        }
    }
}
