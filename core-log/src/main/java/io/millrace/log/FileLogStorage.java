package io.millrace.log;

import io.millrace.log.StorageException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The storage on a real file system, through {@link FileChannel} only: nothing is ever mapped, because stores into a mapping
 * of a failed or full file system do not report errors (S7).
 *
 * <p>Any number of files may be open; the {@link ChannelCache} bounds how many channels are. The owner of the directory is
 * marked by a lock on {@code .lock}, as Kafka does.
 */
public final class FileLogStorage implements LogStorage {

    /**
     * Channels kept open where the limit of descriptors is not known. Leaves three quarters of the usual limit of 4,096 to
     * sockets, stores and the class path.
     */
    public static final int OPEN_CHANNELS_MAX = 1_000;

    private static final String LOCK_NAME = ".lock";
    private static final int OWNER_BYTES_MAX = 32;

    /**
     * The directories that this process has locked. The operating system lets go of a process's lock on a file as soon as the
     * process closes any channel to it, so a second storage must not even open the lock file.
     */
    private static final Set<Path> LOCKED_HERE = ConcurrentHashMap.newKeySet();

    private static final String BALLAST_NAME = ".ballast";
    private static final int BALLAST_PIECE_BYTES = 1 << 18;

    private final Path root;
    private final StorageHealth health = new StorageHealth();
    private final ChannelCache channels;
    private @Nullable FileChannel lockChannel;
    private @Nullable Path locked;

    public FileLogStorage(Path root) {
        this(root, DescriptorLimit.channelsOf(DescriptorLimit.ofThisProcess()));
    }

    /** @param openChannelsMax how many files may be open in the operating system at a time, at least 8 */
    public FileLogStorage(Path root, int openChannelsMax) {
        this.root = root.toAbsolutePath().normalize();
        this.channels = new ChannelCache(openChannelsMax, health);
        attempt("create", "", () -> Files.createDirectories(this.root));
    }

    @Override
    public LogFile open(String path, Open mode) {
        Path file = resolve(path);
        if (mode != Open.EXISTING) {
            health.checkWritable("create", path);
        }
        attempt("open", path, () -> {
            switch (mode) {
                case EXISTING -> {
                    if (!Files.isRegularFile(file)) {
                        throw new NoSuchFileException(file.toString());
                    }
                }
                case CREATE -> {
                    if (!Files.exists(file)) {
                        Files.createFile(file);
                    }
                }
                case EMPTY ->
                    Files.newByteChannel(
                                    file,
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.TRUNCATE_EXISTING)
                            .close();
            }
        });
        return new ChannelFile(this, channels, health, path);
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(resolve(path));
    }

    @Override
    public List<String> list(String directory) {
        Path folder = resolve(directory);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failed("list", directory, e);
        } catch (UncheckedIOException e) {
            throw failed("list", directory, new IOException(e));
        }
    }

    @Override
    public void createDirectory(String directory) {
        health.checkWritable("create", directory);
        Path folder = resolve(directory);
        if (Files.isDirectory(folder)) {
            return;
        }
        String parent = LogStorage.directoryOf(directory);
        if (!parent.isEmpty()) {
            createDirectory(parent);
        }
        attempt("create", directory, () -> {
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            }
        });
        syncDirectory(parent);
    }

    @Override
    public void move(String from, String to) {
        health.checkWritable("move", from);
        attempt(
                "move",
                from,
                () -> Files.move(
                        resolve(from),
                        resolve(to),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING));
    }

    @Override
    public void delete(String path) {
        health.checkWritable("delete", path);
        attempt("delete", path, () -> Files.deleteIfExists(resolve(path)));
    }

    @Override
    public void syncDirectory(String directory) {
        health.checkWritable("sync", directory);
        try (FileChannel channel = FileChannel.open(resolve(directory), StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            health.fail("sync of directory " + resolve(directory) + " failed: " + e.getMessage());
            throw failed("sync", directory, e);
        }
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public DiskSpace space() {
        try {
            FileStore disk = Files.getFileStore(root);
            long total = disk.getTotalSpace();
            long usable = disk.getUsableSpace();
            // Some network file systems say 0 of 0, and sizes beyond 63 bits come out negative.
            return total <= 0 || usable < 0 ? DiskSpace.UNBOUNDED : new DiskSpace(usable, total);
        } catch (IOException e) {
            throw failed("ask for the free space of", "", e);
        }
    }

    @Override
    public void setAside(long bytes) {
        if (bytes == 0) {
            delete(BALLAST_NAME);
            return;
        }
        health.checkWritable("write", BALLAST_NAME);
        try (FileChannel channel =
                FileChannel.open(resolve(BALLAST_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long before = Math.min(channel.size(), bytes);
            try {
                fill(channel, bytes);
            } catch (IOException e) {
                channel.truncate(before);
                throw e;
            }
        } catch (IOException e) {
            throw failed("write", BALLAST_NAME, e);
        }
    }

    /**
     * The content cannot be compressed away by the file system, and is not synced: its blocks are accounted for with the
     * write, and nobody reads it.
     */
    private static void fill(FileChannel channel, long bytes) throws IOException {
        channel.truncate(bytes);
        SplittableRandom content = new SplittableRandom(channel.size());
        byte[] piece = new byte[BALLAST_PIECE_BYTES];
        for (long at = channel.size(); at < bytes; at = channel.size()) {
            content.nextBytes(piece);
            channel.write(ByteBuffer.wrap(piece, 0, (int) Math.min(piece.length, bytes - at)), at);
        }
    }

    @Override
    public long setAsideBytes() {
        Path ballast = resolve(BALLAST_NAME);
        try {
            return Files.exists(ballast) ? Files.size(ballast) : 0;
        } catch (IOException e) {
            throw failed("read the size of", BALLAST_NAME, e);
        }
    }

    @Override
    public void lock() {
        Path held = attemptFor("find", "", root::toRealPath);
        if (!LOCKED_HERE.add(held)) {
            throw inUse("is open in this process already. Use what has opened it, or close that first.");
        }
        try {
            lockFile();
            locked = held;
        } catch (IOException e) {
            throw failed("lock", LOCK_NAME, e);
        } finally {
            if (locked == null) {
                LOCKED_HERE.remove(held);
            }
        }
    }

    private void lockFile() throws IOException {
        FileChannel channel = FileChannel.open(
                resolve(LOCK_NAME), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            String owner = ownerIn(channel);
            channel.close();
            throw inUse("is in use by " + owner + ". Stop that process, or choose another directory.");
        }
        lockChannel = channel;
        signIn(channel);
    }

    private StorageException inUse(String how) {
        return new StorageException(Kind.LOCKED, "the data directory " + root + " " + how, null);
    }

    /** Only for the message to others: a number that an earlier owner left is overwritten, and a full disk may keep it away. */
    private static void signIn(FileChannel channel) throws IOException {
        ByteBuffer number = ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
        try {
            channel.truncate(channel.write(number, 0));
        } catch (IOException e) {
            if (kindOf(e) != Kind.NO_SPACE) {
                throw e;
            }
        }
    }

    private static String ownerIn(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(OWNER_BYTES_MAX);
        int read = Math.max(0, channel.read(content, 0));
        String number = new String(content.array(), 0, read, StandardCharsets.US_ASCII).strip();
        return number.matches("[0-9]+") ? "process " + number : "another process";
    }

    @Override
    public Optional<String> failure() {
        return health.failure();
    }

    @Override
    public void fail(String reason) {
        health.fail(reason);
    }

    /** How many channels are open now. For tests and metrics. */
    public int openChannels() {
        return channels.openCount();
    }

    @Override
    public void close() {
        channels.closeAll();
        FileChannel channel = lockChannel;
        if (channel != null) {
            lockChannel = null;
            attempt("unlock", LOCK_NAME, channel::close);
        }
        if (locked != null) {
            LOCKED_HERE.remove(locked);
            locked = null;
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }

    Path resolve(String path) {
        return path.isEmpty() ? root : root.resolve(path);
    }

    static StorageException failed(String operation, String path, IOException cause) {
        Kind kind = kindOf(cause);
        String advice = kind == Kind.NO_SPACE ? " The file system is full: free space or move the directory." : "";
        return new StorageException(kind, "cannot " + operation + " " + path + ": " + cause + "." + advice, cause);
    }

    private static Kind kindOf(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return Kind.MISSING;
        }
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = message.contains("no space left") || message.contains("quota exceeded");
        return full ? Kind.NO_SPACE : Kind.IO;
    }

    private static <T> T attemptFor(String operation, String path, Callable<T> body) {
        try {
            return body.call();
        } catch (IOException e) {
            throw failed(operation, path, e);
        }
    }

    /** What may fail with an error of the file system. */
    @FunctionalInterface
    private interface Callable<T> {
        T call() throws IOException;
    }

    private static void attempt(String operation, String path, Operation body) {
        try {
            body.run();
        } catch (IOException e) {
            throw failed(operation, path, e);
        }
    }

    @FunctionalInterface
    private interface Operation {
        void run() throws IOException;
    }
}
