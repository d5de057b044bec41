package io.millrace.samples.flights;

import io.millrace.log.FileLogStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** The demo's data directory, and how it is emptied without emptying somebody else's. */
final class DemoDirectory {

    private static final String LOG = "log";
    private static final String MARK = "meta.properties";

    private DemoDirectory() {}

    /**
     * Removes everything in it.
     *
     * @throws IOException if it holds something else than a log node's data
     * @throws io.millrace.log.StorageException if another process uses it
     */
    static void empty(Path directory) throws IOException {
        if (!Files.isDirectory(directory) || isEmpty(directory)) {
            return;
        }
        if (!Files.exists(directory.resolve(LOG).resolve(MARK))) {
            throw new IOException("The directory " + directory
                    + " was not made by Millrace, so --fresh does not remove it; name another one with --data-dir.");
        }
        var storage = new FileLogStorage(directory.resolve(LOG));
        storage.lock();
        try {
            for (Path path : deepestFirst(directory)) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        } finally {
            storage.close();
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var children = Files.list(directory)) {
            return children.findAny().isEmpty();
        }
    }

    private static List<Path> deepestFirst(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
