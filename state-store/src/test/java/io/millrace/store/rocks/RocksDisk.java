package io.millrace.store.rocks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Directories of RocksDB stores, and crashes: what is on disk is copied from under the running database. */
final class RocksDisk {

    static final RocksSettings SMALL = new RocksSettings(8 << 20, 4 << 20, 64 * 1024, 1, 64);

    private final Path root;
    private int count;

    RocksDisk(Path root) {
        this.root = root;
    }

    Path current() {
        return root.resolve("store-" + count);
    }

    Path next() {
        count++;
        return current();
    }

    /** Opens what a crash of the process that has the current directory open would leave. */
    RocksBackingStore crash(RocksBackingStore running, RocksEnvironment environment)
            throws IOException, RocksDBException {
        Path from = current();
        Path to = next();
        RocksDB db = running.handle().retain();
        try {
            db.pauseBackgroundWork();
            db.disableFileDeletions();
            copy(from, to);
            db.enableFileDeletions();
            db.continueBackgroundWork();
        } finally {
            running.handle().release();
        }
        running.close();
        return environment.open(to);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files;
        try (Stream<Path> listed = Files.list(from)) {
            files = listed.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            try {
                Files.copy(file, to.resolve(file.getFileName()));
            } catch (NoSuchFileException obsolete) {
                // Removed after the listing by a compaction that had finished before the pause: nothing refers to it.
                Files.deleteIfExists(to.resolve(file.getFileName()));
            }
        }
    }
}
