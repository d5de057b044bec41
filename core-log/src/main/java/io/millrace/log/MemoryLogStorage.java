package io.millrace.log;

import io.millrace.log.StorageException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A storage in memory that knows what a disk would have kept: beside the image that readers see it holds what was synced.
 *
 * <p>{@link #crash} gives the directory as the next process may find it after a power cut: of everything that was not synced
 * a random part is there. Writes are torn at sectors of 512 bytes, a file that was never synced may be empty or gone, and a
 * creation, move or deletion whose directory was not synced may not have happened (S5; as observed on ext4).
 *
 * <p>Callable from any thread. Files are limited to 2 GiB.
 */
public final class MemoryLogStorage implements LogStorage {

    /** A change of names that is not durable yet; {@code file} is null for a deletion. */
    private record NameChange(
            String directory,
            @Nullable String from,
            String path,
            @Nullable MemoryFile file) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final StorageHealth health = new StorageHealth();
    private final long capacityBytes;
    private final TreeMap<String, MemoryFile> names = new TreeMap<>();
    private final TreeMap<String, MemoryFile> durableNames = new TreeMap<>();
    private final List<NameChange> unsyncedNames = new ArrayList<>();
    private final TreeSet<String> directories = new TreeSet<>();
    private long setAsideBytes;
    private boolean locked;

    public MemoryLogStorage() {
        this(Long.MAX_VALUE);
    }

    /** @param capacityBytes a write that would need more than this in all files together fails as on a full disk */
    public MemoryLogStorage(long capacityBytes) {
        this.capacityBytes = capacityBytes;
        directories.add("");
    }

    /** The directory as it may be found after a power cut now. This storage itself stays as it is. */
    public MemoryLogStorage crash(long seed) {
        return guarded(() -> {
            SplittableRandom random = new SplittableRandom(seed);
            TreeMap<String, MemoryFile> left = new TreeMap<>(durableNames);
            for (NameChange change : unsyncedNames) {
                if (random.nextBoolean()) {
                    apply(change, left);
                }
            }
            MemoryLogStorage found = new MemoryLogStorage(capacityBytes);
            found.directories.addAll(directories);
            left.forEach((path, file) -> found.names.put(path, file.afterCrash(random)));
            found.durableNames.putAll(found.names);
            found.setAsideBytes = setAsideBytes;
            return found;
        });
    }

    @Override
    public LogFile open(String path, Open mode) {
        return guarded(() -> {
            MemoryFile file = names.get(path);
            if (file == null) {
                if (mode == Open.EXISTING) {
                    throw new StorageException(Kind.MISSING, "there is no file " + path, null);
                }
                health.checkWritable("create", path);
                if (!directories.contains(LogStorage.directoryOf(path))) {
                    throw new StorageException(Kind.MISSING, "there is no directory for " + path, null);
                }
                file = new MemoryFile();
                change(new NameChange(LogStorage.directoryOf(path), null, path, file));
            } else if (mode == Open.EMPTY) {
                health.checkWritable("empty", path);
                file.truncate(0);
            }
            return new Handle(path, file);
        });
    }

    @Override
    public boolean exists(String path) {
        return guarded(() -> names.containsKey(path) || directories.contains(path));
    }

    @Override
    public List<String> list(String directory) {
        return guarded(() -> {
            TreeSet<String> found = new TreeSet<>();
            for (String path : names.keySet()) {
                if (LogStorage.directoryOf(path).equals(directory)) {
                    found.add(nameOf(path));
                }
            }
            for (String path : directories) {
                if (!path.isEmpty() && LogStorage.directoryOf(path).equals(directory)) {
                    found.add(nameOf(path));
                }
            }
            return List.copyOf(found);
        });
    }

    @Override
    public void createDirectory(String directory) {
        guarded(() -> {
            health.checkWritable("create", directory);
            for (String path = directory; !path.isEmpty(); path = LogStorage.directoryOf(path)) {
                directories.add(path);
            }
            return true;
        });
    }

    @Override
    public void move(String from, String to) {
        guarded(() -> {
            health.checkWritable("move", from);
            if (directories.contains(from)) {
                moveDirectory(from, to);
                return true;
            }
            MemoryFile file = names.get(from);
            if (file == null) {
                throw new StorageException(Kind.MISSING, "cannot move " + from + ": there is no such file", null);
            }
            change(new NameChange(LogStorage.directoryOf(to), from, to, file));
            return true;
        });
    }

    /** Directories move durably at once: what a lost move of a directory does is not modelled. */
    private void moveDirectory(String from, String to) {
        directories.remove(from);
        directories.add(to);
        for (TreeMap<String, MemoryFile> map : List.of(names, durableNames)) {
            for (Map.Entry<String, MemoryFile> entry : List.copyOf(map.entrySet())) {
                if (entry.getKey().startsWith(from + "/")) {
                    map.remove(entry.getKey());
                    map.put(to + entry.getKey().substring(from.length()), entry.getValue());
                }
            }
        }
        unsyncedNames.removeIf(change -> change.directory.equals(from));
    }

    @Override
    public void delete(String path) {
        guarded(() -> {
            health.checkWritable("delete", path);
            if (directories.contains(path)) {
                if (!list(path).isEmpty()) {
                    throw new StorageException(Kind.IO, "cannot delete " + path + ": it is not empty", null);
                }
                directories.remove(path);
                syncDirectory(path);
            } else if (names.containsKey(path)) {
                change(new NameChange(LogStorage.directoryOf(path), null, path, null));
            }
            return true;
        });
    }

    @Override
    public void syncDirectory(String directory) {
        guarded(() -> {
            health.checkWritable("sync", directory);
            for (NameChange change : unsyncedNames) {
                if (change.directory.equals(directory)) {
                    apply(change, durableNames);
                }
            }
            unsyncedNames.removeIf(change -> change.directory.equals(directory));
            return true;
        });
    }

    @Override
    public String location() {
        return "/memory";
    }

    @Override
    public DiskSpace space() {
        return guarded(() -> capacityBytes == Long.MAX_VALUE
                ? DiskSpace.UNBOUNDED
                : new DiskSpace(capacityBytes - usedBytes(), capacityBytes));
    }

    @Override
    public void setAside(long bytes) {
        guarded(() -> {
            health.checkWritable("write", "the ballast");
            if (bytes > setAsideBytes && bytes - setAsideBytes > space().usableBytes()) {
                throw new StorageException(Kind.NO_SPACE, "no space is left in memory for the ballast", null);
            }
            setAsideBytes = bytes;
            return true;
        });
    }

    @Override
    public long setAsideBytes() {
        return guarded(() -> setAsideBytes);
    }

    @Override
    public void lock() {
        guarded(() -> {
            if (locked) {
                throw new StorageException(Kind.LOCKED, "the data directory in memory is in use", null);
            }
            locked = true;
            return true;
        });
    }

    @Override
    public Optional<String> failure() {
        return health.failure();
    }

    @Override
    public void fail(String reason) {
        health.fail(reason);
    }

    @Override
    public String toString() {
        return "a data directory in memory";
    }

    @Override
    public void close() {
        guarded(() -> locked = false);
    }

    private void change(NameChange change) {
        apply(change, names);
        unsyncedNames.add(change);
    }

    private static void apply(NameChange change, Map<String, MemoryFile> target) {
        if (change.from != null) {
            target.remove(change.from);
        }
        if (change.file == null) {
            target.remove(change.path);
        } else {
            target.put(change.path, change.file);
        }
    }

    private long usedBytes() {
        long used = setAsideBytes;
        for (MemoryFile file : names.values()) {
            used += file.size();
        }
        return used;
    }

    private <T> T guarded(Supplier<T> body) {
        lock.lock();
        try {
            return body.get();
        } finally {
            lock.unlock();
        }
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private final class Handle implements LogFile {
        private volatile String path;
        private final MemoryFile file;

        Handle(String path, MemoryFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public long size() {
            return guarded(file::size);
        }

        @Override
        public void write(long position, ByteBuffer... sources) {
            guarded(() -> {
                health.checkWritable("write", path);
                int at = Math.toIntExact(position);
                for (ByteBuffer source : sources) {
                    byte[] bytes = new byte[source.remaining()];
                    source.get(bytes);
                    long growth = Math.max(0, (long) at + bytes.length - file.size());
                    int fitting = growth == 0 ? bytes.length : (int) Math.min(bytes.length, roomFor(at));
                    file.write(at, bytes, 0, fitting);
                    at += fitting;
                    if (fitting < bytes.length) {
                        throw new StorageException(
                                Kind.NO_SPACE, "cannot write " + path + ": no space left in memory storage", null);
                    }
                }
                return true;
            });
        }

        private long roomFor(int position) {
            return capacityBytes == Long.MAX_VALUE
                    ? Long.MAX_VALUE
                    : Math.max(0, capacityBytes - usedBytes() + file.size() - position);
        }

        @Override
        public int read(long position, ByteBuffer target) {
            return guarded(() -> {
                byte[] bytes = new byte[target.remaining()];
                int count = file.read((int) Math.min(position, Integer.MAX_VALUE), bytes, 0, bytes.length);
                target.put(bytes, 0, count);
                return count;
            });
        }

        @Override
        public void truncate(long size) {
            guarded(() -> {
                health.checkWritable("truncate", path);
                file.truncate(Math.toIntExact(size));
                return true;
            });
        }

        @Override
        public void sync() {
            guarded(() -> {
                health.checkWritable("sync", path);
                file.sync();
                return true;
            });
        }

        @Override
        public void moveTo(String target) {
            guarded(() -> {
                move(path, target);
                path = target;
                return true;
            });
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
