package io.millrace.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

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
        return use("read the size of", false, FileChannel::size);
    }

    @Override
    public void write(long position, ByteBuffer... sources) {
        health.checkWritable("write", path);
        use("write", true, channel -> {
            long at = position;
            for (ByteBuffer source : sources) {
                at += writeAll(channel, at, source.duplicate());
            }
            return at;
        });
        for (ByteBuffer source : sources) {
            source.position(source.limit());
        }
    }

    private static int writeAll(FileChannel channel, long position, ByteBuffer source) throws IOException {
        int written = 0;
        int end = source.limit();
        while (source.position() < end) {
            source.limit(Math.min(end, source.position() + WRITE_BYTES_MAX));
            written += channel.write(source, position + written);
        }
        return written;
    }

    @Override
    public int read(long position, ByteBuffer target) {
        int start = target.position();
        return use("read", false, channel -> {
            target.position(start);
            int total = 0;
            while (target.hasRemaining()) {
                int read = channel.read(target, position + total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            return total;
        });
    }

    @Override
    public Optional<FileLease> lend() {
        FileChannel channel;
        try {
            channel = channels.lend(slot);
        } catch (IOException e) {
            throw FileLogStorage.failed("lend", path, e);
        }
        if (channel == null) {
            return Optional.empty();
        }
        return Optional.of(new FileLease() {
            @Override
            public FileChannel channel() {
                return channel;
            }

            @Override
            public void giveBack() {
                channels.giveBack(slot);
            }
        });
    }

    @Override
    public void truncate(long size) {
        health.checkWritable("truncate", path);
        use("truncate", true, channel -> channel.truncate(size));
    }

    @Override
    public void sync() {
        health.checkWritable("sync", path);
        try {
            use("sync", false, channel -> {
                channels.willSync(slot);
                channel.force(false);
                return true;
            });
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.MISSING) {
                health.fail("sync of " + resolved() + " failed: " + e.getMessage());
            }
            throw e;
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

    /** What is done with a channel; repeated from the start on another one if that one was closed under it. */
    @FunctionalInterface
    private interface Use<T> {
        T on(FileChannel channel) throws IOException;
    }

    /**
     * Borrows a channel. The JDK closes a channel for everybody when one thread that uses it is interrupted: the others open it
     * again and repeat what they did, which all operations here allow.
     */
    private <T> T use(String operation, boolean writes, Use<T> use) {
        while (true) {
            FileChannel channel = acquire(operation);
            try {
                return use.on(channel);
            } catch (ClosedChannelException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw FileLogStorage.failed(operation, path, e);
                }
            } catch (IOException e) {
                throw FileLogStorage.failed(operation, path, e);
            } finally {
                channels.release(slot, writes);
            }
        }
    }

    private FileChannel acquire(String operation) {
        try {
            return channels.acquire(slot);
        } catch (IOException e) {
            throw FileLogStorage.failed(operation, path, e);
        }
    }
}
