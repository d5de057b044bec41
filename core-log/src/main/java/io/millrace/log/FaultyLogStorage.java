package io.millrace.log;

import io.millrace.log.StorageException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Another storage that fails when it is told to: the n-th operation of a kind, counted from 1, has the given effect.
 *
 * <p>Callable from any thread.
 */
public final class FaultyLogStorage implements LogStorage {

    /** What is counted. {@code ANY_CHANGE} counts everything that changes the disk, syncs included. */
    public enum Operation {
        CREATE,
        WRITE,
        READ,
        LIST,
        TRUNCATE,
        SYNC,
        SYNC_DIRECTORY,
        MOVE,
        DELETE,
        ANY_CHANGE
    }

    /** What happens. */
    public enum Effect {
        /** The operation fails with an input/output error and changes nothing. A sync fails for good (S6). */
        IO_ERROR,
        /** As on a full disk; nothing is written. */
        NO_SPACE,
        /** As on a full disk, after the first half of the bytes was written. */
        SHORT_WRITE,
        /** This and every later operation fails: the process is as good as dead. */
        CRASH
    }

    private record Fault(Operation operation, long atCount, Effect effect) {}

    private record Defect(Operation operation, String pathPrefix, Effect effect) {}

    private final LogStorage target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Operation, Long> counts = new EnumMap<>(Operation.class);
    private final List<Fault> faults = new ArrayList<>();
    private final List<Defect> defects = new ArrayList<>();
    private final Map<Operation, Runnable> actions = new EnumMap<>(Operation.class);
    private boolean crashed;
    private volatile @Nullable DiskSpace pretended;

    public FaultyLogStorage(LogStorage target) {
        this.target = target;
    }

    /** Plans a fault at the {@code count}-th coming operation of that kind, 1 being the next one. */
    public FaultyLogStorage failAt(Operation operation, long count, Effect effect) {
        lock.lock();
        try {
            faults.add(new Fault(operation, counts.getOrDefault(operation, 0L) + count, effect));
            return this;
        } finally {
            lock.unlock();
        }
    }

    /** Every coming operation of that kind on a path that begins so has the effect, until {@link #heal}. */
    public void failOn(Operation operation, String pathPrefix, Effect effect) {
        lock.lock();
        try {
            defects.add(new Defect(operation, pathPrefix, effect));
        } finally {
            lock.unlock();
        }
    }

    /** What {@link #failOn} has planned is over. */
    public void heal() {
        lock.lock();
        try {
            defects.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Runs something once, on the thread that comes along, just before the next operation of that kind. */
    public void before(Operation operation, Runnable action) {
        lock.lock();
        try {
            actions.put(operation, action);
        } finally {
            lock.unlock();
        }
    }

    /** How many operations of a kind there were, failed ones included. */
    public long count(Operation operation) {
        lock.lock();
        try {
            return counts.getOrDefault(operation, 0L);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public LogFile open(String path, Open mode) {
        if (mode == Open.EMPTY || (mode == Open.CREATE && !target.exists(path))) {
            step(Operation.CREATE, path);
        }
        return new FaultyFile(target.open(path, mode));
    }

    @Override
    public boolean exists(String path) {
        return target.exists(path);
    }

    @Override
    public List<String> list(String directory) {
        step(Operation.LIST, directory);
        return target.list(directory);
    }

    @Override
    public void createDirectory(String directory) {
        step(Operation.CREATE, directory);
        target.createDirectory(directory);
    }

    @Override
    public void move(String from, String to) {
        step(Operation.MOVE, from);
        target.move(from, to);
    }

    @Override
    public void delete(String path) {
        step(Operation.DELETE, path);
        target.delete(path);
    }

    @Override
    public void syncDirectory(String directory) {
        try {
            step(Operation.SYNC_DIRECTORY, directory);
        } catch (StorageException e) {
            target.fail(String.valueOf(e.getMessage()));
            throw e;
        }
        target.syncDirectory(directory);
    }

    /** From now on the file system says that it has this room; null for what it really has. Writes go on as before. */
    public void pretend(@Nullable DiskSpace space) {
        pretended = space;
    }

    @Override
    public String location() {
        return target.location();
    }

    @Override
    public DiskSpace space() {
        DiskSpace told = pretended;
        return told == null ? target.space() : told;
    }

    @Override
    public void setAside(long bytes) {
        step(bytes > target.setAsideBytes() ? Operation.WRITE : Operation.DELETE, "the ballast");
        target.setAside(bytes);
    }

    @Override
    public long setAsideBytes() {
        return target.setAsideBytes();
    }

    @Override
    public void lock() {
        target.lock();
    }

    @Override
    public Optional<String> failure() {
        return target.failure();
    }

    @Override
    public void fail(String reason) {
        target.fail(reason);
    }

    @Override
    public String toString() {
        return target.toString();
    }

    @Override
    public void close() {
        target.close();
    }

    /** Throws if a fault is due, except for a short write, which the caller has to do. */
    private boolean step(Operation operation, String path) {
        runBefore(operation);
        lock.lock();
        try {
            boolean changes = operation != Operation.READ && operation != Operation.LIST;
            counts.merge(operation, 1L, Long::sum);
            if (changes) {
                counts.merge(Operation.ANY_CHANGE, 1L, Long::sum);
            }
            if (crashed) {
                throw failure(operation, path, Effect.CRASH);
            }
            for (Defect defect : defects) {
                if (defect.operation == operation && path.startsWith(defect.pathPrefix)) {
                    throw failure(operation, path, defect.effect);
                }
            }
            for (Fault fault : faults) {
                boolean counted = fault.operation == operation || (changes && fault.operation == Operation.ANY_CHANGE);
                if (counted && counts.getOrDefault(fault.operation, 0L) == fault.atCount) {
                    crashed = fault.effect == Effect.CRASH;
                    if (fault.effect == Effect.SHORT_WRITE && operation == Operation.WRITE) {
                        return true;
                    }
                    throw failure(operation, path, fault.effect);
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void runBefore(Operation operation) {
        Runnable action;
        lock.lock();
        try {
            action = actions.remove(operation);
        } finally {
            lock.unlock();
        }
        if (action != null) {
            action.run();
        }
    }

    private static StorageException failure(Operation operation, String path, Effect effect) {
        boolean full = effect == Effect.NO_SPACE || effect == Effect.SHORT_WRITE;
        return new StorageException(
                full ? Kind.NO_SPACE : Kind.IO, "planned " + effect + " in " + operation + " of " + path, null);
    }

    private final class FaultyFile implements LogFile {
        private final LogFile file;

        FaultyFile(LogFile file) {
            this.file = file;
        }

        @Override
        public String path() {
            return file.path();
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void write(long position, ByteBuffer... sources) {
            if (step(Operation.WRITE, path())) {
                writeHalf(position, sources);
                throw failure(Operation.WRITE, path(), Effect.SHORT_WRITE);
            }
            file.write(position, sources);
        }

        private void writeHalf(long position, ByteBuffer... sources) {
            long total = 0;
            for (ByteBuffer source : sources) {
                total += source.remaining();
            }
            long left = total / 2;
            long at = position;
            for (ByteBuffer source : sources) {
                int count = (int) Math.min(left, source.remaining());
                file.write(at, source.slice(source.position(), count));
                at += count;
                left -= count;
            }
        }

        @Override
        public int read(long position, ByteBuffer buffer) {
            step(Operation.READ, path());
            return file.read(position, buffer);
        }

        @Override
        public void truncate(long size) {
            step(Operation.TRUNCATE, path());
            file.truncate(size);
        }

        @Override
        public void sync() {
            try {
                step(Operation.SYNC, path());
            } catch (StorageException e) {
                target.fail(String.valueOf(e.getMessage()));
                throw e;
            }
            file.sync();
        }

        @Override
        public void moveTo(String path) {
            step(Operation.MOVE, path());
            file.moveTo(path);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
