package io.millrace.log;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A small text file of Kafka's that is replaced as a whole, guarded by a checksum in a file of ours beside it.
 *
 * <p>The bytes of the file itself are Kafka's alone, so the checksum lies in {@code <name>.crc}: one line with the CRC-32C and
 * length of the new content, one with those of the content before. It is replaced first; so after a crash between the two
 * replacements the old content still has its line (S4). A file without a sidecar, as Kafka writes it, is taken as it is.
 */
final class CheckedFile {
    private static final String SIDECAR = ".crc";

    /** What was found. An unreadable file is never the same as a missing or an empty one. */
    sealed interface Found {
        record Content(String text) implements Found {}

        record Missing() implements Found {}

        record Unreadable(String why) implements Found {}
    }

    private CheckedFile() {}

    static void replace(LogStorage storage, String path, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        String before = storage.exists(path) ? lineOf(storage.readAll(path)) : "";
        storage.replace(path + SIDECAR, (lineOf(content) + before).getBytes(StandardCharsets.UTF_8));
        storage.replace(path, content);
    }

    /** Writes a file that is not there yet; durable with the coming sync. What a crash leaves of it is unreadable, or all of it. */
    static void begin(SyncLedger ledger, String directory, String name, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        ledger.begin(directory, name + SIDECAR, lineOf(content).getBytes(StandardCharsets.UTF_8));
        ledger.begin(directory, name, content);
    }

    static Found read(LogStorage storage, String path) {
        if (!storage.exists(path)) {
            boolean wasThere = storage.exists(path + SIDECAR)
                    && sidecar(storage, path).lines().count() > 1; // one line: its first writing was cut short
            return wasThere
                    ? new Found.Unreadable(path + " is missing, only its checksum is there")
                    : new Found.Missing();
        }
        try {
            byte[] content = storage.readAll(path);
            String text = new String(content, StandardCharsets.UTF_8);
            boolean guarded = storage.exists(path + SIDECAR);
            return !guarded || sidecar(storage, path).contains(lineOf(content))
                    ? new Found.Content(text)
                    : new Found.Unreadable(path + " has content that its checksum does not confirm");
        } catch (StorageException e) {
            return new Found.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static String sidecar(LogStorage storage, String path) {
        return new String(storage.readAll(path + SIDECAR), StandardCharsets.UTF_8);
    }

    static void delete(LogStorage storage, String path) {
        storage.delete(path);
        storage.delete(path + SIDECAR);
    }

    private static String lineOf(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length);
        return Long.toHexString(crc.getValue()) + " " + content.length + "\n";
    }
}
