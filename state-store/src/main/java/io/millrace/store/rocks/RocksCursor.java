package io.millrace.store.rocks;

import io.millrace.store.BackingStore;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** A native iterator with its bound. Used by one thread; keeps the database open. */
final class RocksCursor implements BackingStore.Cursor {

    private final RocksHandle handle;
    private final Slice bound;
    private final ReadOptions options;
    private final RocksIterator iterator;
    private final byte[] from;
    private boolean isStarted;
    private boolean isClosed;

    RocksCursor(RocksHandle handle, @Nullable Snapshot snapshot, byte[] from, byte[] to) {
        RocksDB db = handle.retain();
        this.handle = handle;
        this.from = from;
        bound = new Slice(to);
        options = new ReadOptions().setIterateUpperBound(bound);
        if (snapshot != null) {
            options.setSnapshot(snapshot);
        }
        iterator = db.newIterator(options);
    }

    @Override
    public boolean next() {
        if (isStarted) {
            iterator.next();
        } else {
            iterator.seek(from);
            isStarted = true;
        }
        if (iterator.isValid()) {
            return true;
        }
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw handle.failed("read in order", e);
        }
        return false;
    }

    @Override
    public byte[] key() {
        return iterator.key();
    }

    @Override
    public byte[] value() {
        return iterator.value();
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            iterator.close();
            options.close();
            bound.close();
            handle.release();
        }
    }
}
