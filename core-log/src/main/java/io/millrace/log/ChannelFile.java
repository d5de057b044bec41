package io.millrace.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file of a {@link FileLogStorage}; borrows a channel from the {@link ChannelCache} for each call. */
final class ChannelFile implements LogFile {

    /** The JDK copies heap buffers through a thread-local direct buffer as large as the write: keep that bounded. */
    private static final int WRITE_BYTES_MAX = 1 << 18;

    private final FileLogStorage storage;
    private final ChannelCache channels;
    private final StorageHealth health;
    private volatile String path;

    /** Owned by the cache, guarded by its lock. */
    final ChannelCache.Slot slot = new ChannelCache.Slot(this);

    ChannelFile(FileLogStorage storage, ChannelCache channels, StorageHealth health, String path) {
        this.storage = storage;
        this.channels = channels;
        this.health = health;
        this.path = path;
    }

    @Override
    public String path() {
        return path;
    }

    Path resolved() {
        return storage.resolve(path);
    }

    @Override
    public long size() {
        FileChannel channel = acquire("size");
        try {
            return channel.size();
        } catch (IOException e) {
            throw FileLogStorage.failed("read the size of", path, e);
        } finally {
            channels.release(slot, false);
        }
    }

    @Override
    public void write(long position, ByteBuffer... sources) {
        health.checkWritable("write", path);
        FileChannel channel = acquire("write");
        try {
            long at = position;
            for (ByteBuffer source : sources) {
                int end = source.limit();
                while (source.position() < end) {
                    source.limit(Math.min(end, source.position() + WRITE_BYTES_MAX));
                    at += channel.write(source, at);
                }
            }
        } catch (IOException e) {
            throw FileLogStorage.failed("write", path, e);
        } finally {
            channels.release(slot, true);
        }
    }

    @Override
    public int read(long position, ByteBuffer target) {
        FileChannel channel = acquire("read");
        try {
            int total = 0;
            while (target.hasRemaining()) {
                int read = channel.read(target, position + total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            return total;
        } catch (IOException e) {
            throw FileLogStorage.failed("read", path, e);
        } finally {
            channels.release(slot, false);
        }
    }

    @Override
    public void truncate(long size) {
        health.checkWritable("truncate", path);
        FileChannel channel = acquire("truncate");
        try {
            channel.truncate(size);
        } catch (IOException e) {
            throw FileLogStorage.failed("truncate", path, e);
        } finally {
            channels.release(slot, true);
        }
    }

    @Override
    public void sync() {
        health.checkWritable("sync", path);
        FileChannel channel = acquire("sync");
        try {
            channels.willSync(slot);
            channel.force(false);
        } catch (IOException e) {
            health.fail("sync of " + resolved() + " failed: " + e.getMessage());
            throw FileLogStorage.failed("sync", path, e);
        } finally {
            channels.release(slot, false);
        }
    }

    @Override
    public void moveTo(String target) {
        channels.whileUnopened(slot, () -> {
            storage.move(path, target);
            path = target;
        });
    }

    @Override
    public void close() {
        channels.close(slot);
    }

    private FileChannel acquire(String operation) {
        try {
            return channels.acquire(slot);
        } catch (IOException e) {
            throw FileLogStorage.failed(operation, path, e);
        }
    }
}
