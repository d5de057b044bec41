package io.millrace.server.command;

import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The batches of one {@code .log} file, from its start to its end. Opens it to read alone and takes no lock, so a node may be
 * writing to it: then what was being written may look torn.
 *
 * @param path of the file
 * @param baseOffset that its name says
 * @param bytes of it when it was found
 */
record SegmentFile(Path path, long baseOffset, long bytes) {

    private static final String ENDING = ".log";
    private static final String NAME = "\\d{20}\\.log";
    private static final String OF_A_NODE = "log";

    /** A batch is never larger than its segment, so what claims more is damage. */
    private static final int BATCH_BYTES_MAX = 1 << 30;

    /** Takes one batch. */
    @FunctionalInterface
    interface Taker {
        void take(SegmentFile segment, long position, RecordBatch batch);
    }

    /** The directory itself if it is a partition's, else the partitions in it, or in the log of a data directory. */
    static List<Path> partitions(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new CommandRefused(directory + " is no directory.");
        }
        if (!logFiles(directory).isEmpty()) {
            return List.of(directory);
        }
        List<Path> found = children(directory);
        if (found.isEmpty() && Files.isDirectory(directory.resolve(OF_A_NODE))) {
            found = children(directory.resolve(OF_A_NODE));
        }
        if (found.isEmpty()) {
            throw new CommandRefused("there is no partition in " + directory + ": nothing in it is called "
                    + "00000000000000000000.log.");
        }
        return found;
    }

    private static List<Path> children(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.sorted().toList()) {
                if (Files.isDirectory(child) && !logFiles(child).isEmpty()) {
                    found.add(child);
                }
            }
        }
        return found;
    }

    /** In order of their offsets. */
    static List<SegmentFile> of(Path partition) throws IOException {
        List<SegmentFile> segments = new ArrayList<>();
        for (Path file : logFiles(partition)) {
            String name = name(file);
            long base = Long.parseLong(name.substring(0, name.length() - ENDING.length()));
            segments.add(new SegmentFile(file, base, Files.size(file)));
        }
        return segments;
    }

    private static List<Path> logFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> name(file).matches(NAME)).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static String name(Path path) {
        return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }

    String name() {
        return name(path);
    }

    /** @throws CorruptBatchException at the first position where there is no batch */
    void forEach(Taker taker) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
            long position = 0;
            while (true) {
                byte[] head = in.readNBytes(RecordBatch.HEADER_BYTES);
                if (head.length == 0) {
                    return;
                }
                if (head.length < RecordBatch.HEADER_BYTES) {
                    throw torn(position, head.length + " bytes follow, which is no batch");
                }
                int size = RecordBatch.sizeAt(head, 0);
                if (size > BATCH_BYTES_MAX || size > bytes - position) {
                    throw torn(
                            position,
                            "a batch claims " + size + " bytes, of which " + (bytes - position) + " are there");
                }
                byte[] batch = Arrays.copyOf(head, size);
                in.readFully(batch, head.length, size - head.length);
                taker.take(this, position, RecordBatch.wrap(batch, 0));
                position += size;
            }
        }
    }

    private CorruptBatchException torn(long position, String what) {
        return new CorruptBatchException("at position " + position + " of " + path + ": " + what);
    }
}
