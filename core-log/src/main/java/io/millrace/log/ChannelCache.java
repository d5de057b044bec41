package io.millrace.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many channels of a directory are open, so that a thousand partitions of several files each fit into a few
 * thousand descriptors: the channel used longest ago is closed when a new one is needed.
 *
 * <p>A channel with unsynced writes is closed last, and only after a sync: closed before, an error of the device in writing
 * back its pages could be reported to nobody (S6). A channel in use is never closed; if all are in use the bound is exceeded
 * by as many as there are threads. What is lent may be in use for as long as a slow client reads: no more than half of the
 * bound are lent.
 *
 * <p>Callable from any thread. The lock is held for bookkeeping, opening and closing, never for reading or writing; a sync
 * happens under it only when every open channel is unsynced.
 */
final class ChannelCache {

    /** The cache's side of a file; every field is guarded by the lock. */
    static final class Slot {
        private final ChannelFile file;
        private @Nullable FileChannel channel;
        private int users;
        private boolean dirty;

        Slot(ChannelFile file) {
            this.file = file;
        }
    }

    private static final int OPEN_MIN = 8;

    private final int openMax;
    private final StorageHealth health;
    private final ReentrantLock lock = new ReentrantLock();
    /** In order of last use, the longest ago first. */
    private final Map<Slot, Slot> open = new LinkedHashMap<>(64, 0.75f, true);

    private int lent;

    ChannelCache(int openMax, StorageHealth health) {
        if (openMax < OPEN_MIN) {
            throw new IllegalArgumentException("at least " + OPEN_MIN + " open channels are needed, not " + openMax);
        }
        this.openMax = openMax;
        this.health = health;
    }

    FileChannel acquire(Slot slot) throws IOException {
        lock.lock();
        try {
            FileChannel channel = slot.channel;
            if (channel != null && !channel.isOpen()) {
                evict(slot); // the JDK closes a channel when a thread that uses it is interrupted
                channel = null;
            }
            if (channel == null) {
                if (open.size() >= openMax) {
                    makeRoom();
                }
                channel = FileChannel.open(slot.file.resolved(), StandardOpenOption.READ, StandardOpenOption.WRITE);
                slot.channel = channel;
                open.put(slot, slot);
            } else {
                open.get(slot);
            }
            slot.users++;
            return channel;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #acquire}, for as long as somebody likes; null if so many are lent that the others need the rest. */
    @Nullable
    FileChannel lend(Slot slot) throws IOException {
        lock.lock();
        try {
            if (lent >= openMax / 2) {
                return null;
            }
            FileChannel channel = acquire(slot);
            lent++;
            return channel;
        } finally {
            lock.unlock();
        }
    }

    /** What was lent. */
    void giveBack(Slot slot) {
        lock.lock();
        try {
            lent--;
            slot.users--;
        } finally {
            lock.unlock();
        }
    }

    void release(Slot slot, boolean wrote) {
        lock.lock();
        try {
            slot.users--;
            slot.dirty |= wrote;
        } finally {
            lock.unlock();
        }
    }

    /** Everything written until now is about to be synced; what is written meanwhile makes the file unsynced again. */
    void willSync(Slot slot) {
        lock.lock();
        try {
            slot.dirty = false;
        } finally {
            lock.unlock();
        }
    }

    /** Runs something that changes where the file is, while nobody can open it. Open channels follow the file by themselves. */
    void whileUnopened(Slot slot, Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    void close(Slot slot) {
        lock.lock();
        try {
            if (slot.users == 0) {
                evict(slot);
            }
        } catch (IOException e) {
            throw FileLogStorage.failed("close", slot.file.path(), e);
        } finally {
            lock.unlock();
        }
    }

    void closeAll() {
        lock.lock();
        try {
            for (Slot slot : open.keySet().toArray(new Slot[0])) {
                evict(slot);
            }
        } catch (IOException e) {
            throw new StorageException(StorageException.Kind.IO, "cannot close a file: " + e, e);
        } finally {
            lock.unlock();
        }
    }

    int openCount() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom() throws IOException {
        Slot unsynced = null;
        for (Slot candidate : open.keySet()) {
            if (candidate.users == 0) {
                if (!candidate.dirty) {
                    evict(candidate);
                    return;
                }
                if (unsynced == null) {
                    unsynced = candidate;
                }
            }
        }
        if (unsynced != null) {
            syncBeforeEviction(unsynced);
            evict(unsynced);
        }
    }

    private void syncBeforeEviction(Slot slot) throws IOException {
        FileChannel channel = slot.channel;
        if (channel == null || health.failure().isPresent()) {
            return;
        }
        try {
            channel.force(false);
        } catch (IOException e) {
            health.fail("sync of " + slot.file.resolved() + " failed: " + e.getMessage());
            throw e;
        }
    }

    private void evict(Slot slot) throws IOException {
        FileChannel channel = slot.channel;
        open.remove(slot);
        slot.channel = null;
        if (channel != null) {
            channel.close();
        }
    }
}
