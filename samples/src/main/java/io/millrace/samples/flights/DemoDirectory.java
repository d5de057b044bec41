package io.millrace.samples.flights;

import io.millrace.log.FileLogStorage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The demo's data directory: whether it can be used, and how it is emptied without emptying somebody else's. */
record DemoDirectory(Path path) {

    static final String DEFAULT = "millrace-data/flight-delays";

    private static final String LOG = "log";
    private static final String MARK = "meta.properties";
    private static final long NEARLY_FULL_BYTES = 1024 * 1024;

    /** How the demo is started on this directory. */
    String command() {
        return path.equals(Path.of(DEFAULT)) ? "./millrace demo" : "./millrace demo --data-dir " + path;
    }

    /** Whether an earlier run has left its data here. */
    boolean isUsed() {
        return Files.exists(path.resolve(LOG).resolve(MARK));
    }

    /** Whether its disk has no room left. */
    boolean isOnFullDisk() {
        try {
            return Files.getFileStore(path).getUsableSpace() < NEARLY_FULL_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Makes it, if it is not there.
     *
     * @throws DemoFailure if it cannot be made or written to
     */
    void make() {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new DemoFailure(path + " is a file and not a directory: name a directory with --data-dir.");
        }
        try {
            Files.createDirectories(path);
        } catch (FileSystemException e) {
            var reason = Objects.requireNonNullElse(e.getReason(), "permission denied");
            throw new DemoFailure("The directory " + path + " cannot be made (" + reason + " at " + e.getFile()
                    + "): name another one with --data-dir.");
        } catch (IOException e) {
            throw new DemoFailure("The directory " + path + " cannot be made: " + e.getMessage());
        }
        if (!Files.isWritable(path)) {
            throw new DemoFailure("The directory " + path
                    + " cannot be written to: change its permissions, or name another one with --data-dir.");
        }
    }

    /**
     * Removes everything in it.
     *
     * @throws DemoFailure if it holds something else than a log node's data
     * @throws io.millrace.log.StorageException if another process uses it
     */
    void empty() throws IOException {
        if (!Files.isDirectory(path) || isEmpty()) {
            return;
        }
        if (!isUsed()) {
            throw new DemoFailure("The directory " + path
                    + " was not made by Millrace, so --fresh does not remove it: name another one with --data-dir.");
        }
        var storage = new FileLogStorage(path.resolve(LOG));
        storage.lock();
        try {
            for (Path file : deepestFirst()) {
                if (!file.equals(path)) {
                    Files.delete(file);
                }
            }
        } finally {
            storage.close();
        }
    }

    private boolean isEmpty() throws IOException {
        try (var children = Files.list(path)) {
            return children.findAny().isEmpty();
        }
    }

    private List<Path> deepestFirst() throws IOException {
        try (var paths = Files.walk(path)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
