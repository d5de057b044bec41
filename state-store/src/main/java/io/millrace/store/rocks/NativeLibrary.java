package io.millrace.store.rocks;

import io.millrace.store.StateStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.CRC32;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads RocksDB's native library from a cache directory, where it is unpacked once per version; RocksDB's own loader unpacks
 * its 17 MB into the temporary folder at each start.
 *
 * <p>The cache is {@code ~/.cache/millrace/native}, or what the system property {@value #DIRECTORY_PROPERTY} names. A version
 * is known by the size and checksum the jar states, and checked against them before it is loaded. Processes may race: each
 * writes a file of its own and moves it into place atomically. If the cache cannot be used, RocksDB's own loader is.
 */
final class NativeLibrary {

    static final String DIRECTORY_PROPERTY = "millrace.native.dir";

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private NativeLibrary() {}

    /** May be called often; only the first call of a process loads. */
    static void load() {
        try {
            RocksDB.loadLibrary(List.of(unpacked(cacheDirectory()).toString()));
        } catch (IOException | UnsatisfiedLinkError | SecurityException reason) {
            LOG.warn(
                    "RocksDB's library is loaded from the temporary folder: the cache cannot be used: {}",
                    reason.toString());
            try {
                RocksDB.loadLibrary();
            } catch (RuntimeException | UnsatisfiedLinkError failure) {
                throw new StateStoreException(
                        "RocksDB has no native library for this machine (" + System.getProperty("os.name") + ", "
                                + System.getProperty("os.arch") + ").",
                        failure);
            }
        }
    }

    private static Path cacheDirectory() throws IOException {
        String override = System.getProperty(DIRECTORY_PROPERTY);
        if (override != null) {
            return Path.of(override);
        }
        Path home = Path.of(System.getProperty("user.home"));
        if (!home.isAbsolute() || !Files.isDirectory(home)) {
            throw new IOException("there is no home directory; name a cache with -D" + DIRECTORY_PROPERTY);
        }
        return home.resolve(".cache").resolve("millrace").resolve("native");
    }

    /** Returns the directory of this version, with the library in it under the name RocksDB looks for. */
    static Path unpacked(Path cache) throws IOException {
        String inJar = Environment.getJniLibraryFileName("rocksdb");
        URL resource = RocksDB.class.getClassLoader().getResource(inJar);
        if (resource == null) {
            throw new IOException("there is no " + inJar + " on the class path");
        }
        Stated stated = Stated.of(resource);
        Path directory = cache.resolve("rocksdb-" + Long.toHexString(stated.crc()) + "-" + stated.size());
        Path library = directory.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        if (!isIntact(library, stated)) {
            Files.createDirectories(directory);
            Path own = Files.createTempFile(directory, "unpacking", ".tmp");
            try (InputStream in = resource.openStream()) {
                Files.copy(in, own, StandardCopyOption.REPLACE_EXISTING);
                moveIntoPlace(own, library);
            } finally {
                Files.deleteIfExists(own);
            }
        }
        return directory;
    }

    private static void moveIntoPlace(Path own, Path library) throws IOException {
        try {
            Files.move(own, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(own, library, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** A power cut can leave a file with the right name and the wrong content. */
    private static boolean isIntact(Path library, Stated stated) throws IOException {
        if (!Files.isRegularFile(library) || Files.size(library) != stated.size()) {
            return false;
        }
        CRC32 crc = new CRC32();
        crc.update(Files.readAllBytes(library));
        return crc.getValue() == stated.crc();
    }

    /** What the jar says about the library. */
    private record Stated(long size, long crc) {

        static Stated of(URL resource) throws IOException {
            URLConnection connection = resource.openConnection();
            if (connection instanceof JarURLConnection inJar) {
                return new Stated(
                        inJar.getJarEntry().getSize(), inJar.getJarEntry().getCrc());
            }
            try (InputStream in = connection.getInputStream()) {
                byte[] bytes = in.readAllBytes();
                CRC32 crc = new CRC32();
                crc.update(bytes);
                return new Stated(bytes.length, crc.getValue());
            }
        }
    }
}
