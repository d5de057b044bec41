package io.millrace.store.rocks;

import io.millrace.store.BackingStore;
import io.millrace.store.DamagedStoreException;
import io.millrace.store.StateStoreException;
import io.millrace.store.StoreKeys;
import io.millrace.store.StorePosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backing store of one shard in one RocksDB directory, without a write-ahead log: the changelog is the log.
 *
 * <p>There is one column family, and the position stands in it under a reserved key. A batch goes into one memtable as a
 * whole, and memtables are flushed in order, so after a crash the directory holds all batches up to some moment, data and
 * position alike, and none after it.
 *
 * <p>One thread writes and flushes; another may read; snapshots may be read on any thread and keep the database open until
 * the last one is closed. {@link #close} itself must not run beside reads that do not go through a snapshot.
 *
 * <p>The first failure, of a write, a flush or a read, is final: every later call throws it again, and the shard must be opened
 * anew. If it was a checksum, the store is to be set aside first ({@link #damage}).
 */
public final class RocksBackingStore implements BackingStore {

    private static final Logger LOG = LoggerFactory.getLogger(RocksBackingStore.class);

    /** No store's key begins like this, and it sorts behind them all. */
    private static final byte[] POSITION_KEY =
            ByteBuffer.allocate(Integer.BYTES).putInt(StoreKeys.RESERVED_ID).array();

    private final Path directory;
    private final RocksHandle handle;
    private final RocksDB db;
    private final WriteOptions writeOptions;
    private final ReadOptions readOptions;
    private final FlushOptions flushOptions;
    private final WriteBatch batch;

    private volatile @Nullable StorePosition position;
    private volatile @Nullable StorePosition durablePosition;
    private volatile boolean isClosed;

    private RocksBackingStore(Path directory, Options options, RocksDB db, @Nullable StorePosition found) {
        this.directory = directory;
        this.db = db;
        writeOptions = new WriteOptions().setDisableWAL(true);
        readOptions = new ReadOptions();
        flushOptions = new FlushOptions().setWaitForFlush(true);
        batch = new WriteBatch();
        handle = new RocksHandle(directory, db, List.of(batch, flushOptions, readOptions, writeOptions), options);
        position = found;
        durablePosition = found;
    }

    static RocksBackingStore open(Path directory, RocksEnvironment environment) {
        Options options = environment.options();
        RocksDB db = null;
        try {
            Files.createDirectories(directory);
            db = RocksDB.open(options, directory.toString());
            byte[] written = db.get(POSITION_KEY);
            if (written == null && hasData(db)) {
                LOG.warn("state without a position is emptied and rebuilt from the changelog: directory={}", directory);
                db.close();
                RocksDB.destroyDB(directory.toString(), options);
                db = RocksDB.open(options, directory.toString());
            }
            StorePosition found = written == null ? null : PositionCodec.decode(written);
            return new RocksBackingStore(directory, options, db, found);
        } catch (RocksDBException e) {
            throw abandoned(db, options, openFailure(directory, e));
        } catch (IOException e) {
            throw abandoned(
                    db, options, new StateStoreException("The state directory " + directory + " cannot be made.", e));
        } catch (StateStoreException e) {
            throw abandoned(db, options, e);
        }
    }

    private static boolean hasData(RocksDB db) throws RocksDBException {
        try (RocksIterator any = db.newIterator()) {
            any.seekToFirst();
            any.status();
            return any.isValid();
        }
    }

    private static StateStoreException abandoned(@Nullable RocksDB db, Options options, StateStoreException reason) {
        if (db != null) {
            db.close();
        }
        options.close();
        return reason;
    }

    private static StateStoreException openFailure(Path directory, RocksDBException e) {
        if (String.valueOf(e.getMessage()).contains("/LOCK:")) {
            return new StateStoreException(
                    "The state in " + directory
                            + " is in use: another process, or another job in this one, has it open.",
                    e);
        }
        return RocksHandle.exception(directory, "cannot be opened", e);
    }

    // ---- the writer's side

    @Override
    public void write(List<Change> changes, @Nullable StorePosition newPosition) {
        requireUsable();
        try {
            batch.clear();
            for (Change change : changes) {
                byte[] value = change.value();
                if (Arrays.equals(change.key(), POSITION_KEY)) {
                    throw new IllegalArgumentException("The key " + Arrays.toString(change.key()) + " is reserved.");
                } else if (value == null) {
                    batch.delete(change.key());
                } else {
                    batch.put(change.key(), value);
                }
            }
            if (newPosition != null) {
                batch.put(POSITION_KEY, PositionCodec.encode(newPosition));
            }
            db.write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw handle.failed("written", e);
        }
        if (newPosition != null) {
            position = newPosition;
        }
    }

    @Override
    public void flush() {
        requireUsable();
        StorePosition covered = position;
        try {
            db.flush(flushOptions);
        } catch (RocksDBException e) {
            throw handle.failed("flushed", e);
        }
        durablePosition = covered;
    }

    // ---- the readers' side

    @Override
    public byte @Nullable [] get(byte[] key) {
        requireUsable();
        try {
            return db.get(readOptions, key);
        } catch (RocksDBException e) {
            throw handle.failed("read", e);
        }
    }

    @Override
    public Cursor range(byte[] from, byte @Nullable [] to) {
        requireUsable();
        return new RocksCursor(handle, null, from, to == null ? POSITION_KEY : to);
    }

    @Override
    public Snapshot snapshot() {
        requireUsable();
        return new RocksSnapshot(handle, POSITION_KEY);
    }

    @Override
    public @Nullable StorePosition position() {
        return position;
    }

    /** At least this: a memtable that filled up may have been flushed since. */
    @Override
    public @Nullable StorePosition durablePosition() {
        return durablePosition;
    }

    @Override
    public @Nullable String damage() {
        return handle.failure() instanceof DamagedStoreException damaged ? damaged.getMessage() : null;
    }

    /** Whether the directory is in use: until it is closed, and as long as a view of it is open. */
    public boolean isInUse() {
        return handle.isUsed();
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        try {
            if (handle.failure() == null) {
                flush();
            }
        } finally {
            isClosed = true;
            handle.release();
        }
    }

    RocksHandle handle() {
        return handle;
    }

    private void requireUsable() {
        StateStoreException earlier = handle.failure();
        if (earlier != null) {
            throw new StateStoreException(
                    "The state in " + directory + " failed before; it must be opened anew.", earlier);
        }
        if (isClosed) {
            throw new StateStoreException("The state in " + directory + " is closed.");
        }
    }
}
