package io.millrace.store.rocks;

import io.millrace.store.BackingStore;
import io.millrace.store.StateStoreException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** A view of one moment. Used by one thread at a time; keeps the database open. Cursors of it must be closed before it. */
final class RocksSnapshot implements BackingStore.Snapshot {

    private final RocksHandle handle;
    private final RocksDB db;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private final byte[] end;
    private boolean isClosed;

    RocksSnapshot(RocksHandle handle, byte[] end) {
        this.handle = handle;
        this.end = end;
        db = handle.retain();
        snapshot = db.getSnapshot();
        options = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        requireOpen();
        try {
            return db.get(options, key);
        } catch (RocksDBException e) {
            throw handle.failed("read in a view", e);
        }
    }

    @Override
    public BackingStore.Cursor range(byte[] from, byte @Nullable [] to) {
        requireOpen();
        return new RocksCursor(handle, snapshot, from, to == null ? end : to);
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            options.close();
            db.releaseSnapshot(snapshot);
            snapshot.close();
            handle.release();
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw new StateStoreException("The view of the state is closed.");
        }
    }
}
